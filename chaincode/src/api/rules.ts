/**
 * The rules as pure functions over records: for whoever judges from the ledger's writes alone whether they were kept.
 * Each is the one that the chaincode itself applies.
 */
export { authorize, type ActName, type Standing } from '../domain/acts';
export type { Call } from '../domain/call';
export { canonicalJson, contentSha256, sameContent } from '../domain/canonical';
export { compositeKey, partsOf, typeOf } from '../domain/composite-key';
export { checkEffects } from '../domain/effects/carry-out';
export { definitionOf as effectDefinition } from '../domain/effects';
export type { Entry, Key, Ledger, Ownership, Prefix } from '../domain/ledger';
export { changedTo, representedBy, representedNow } from '../domain/members/representation';
export { effectiveOnReceipt } from '../domain/members/receive-resignation';
export {
  canHoldBoard,
  completableAfter,
  endsOn,
  entitledToVote,
  holdsIdentity,
  memberStatus,
  membership,
  onRegister,
} from '../domain/members/status';
export { perform } from '../domain/performing';
export { memberFacets } from '../domain/register/register';
export { ballotOwnership, othersNeeded } from '../domain/resolutions/ballot-ownership';
export { ruleFor } from '../domain/resolutions/conformity';
export { tally } from '../domain/resolutions/outcome';
export {
  deadlineFrom,
  deadlineOf,
  noticeFrom,
  openableSince,
  opensFrom,
} from '../domain/resolutions/receipt';
export { isCast, resolutionFacets } from '../domain/resolutions/records';
export { resolutionStatus, verdictAt, votingRule } from '../domain/resolutions/status';
export {
  addDuration,
  durationMilliseconds,
  financialYearEnd,
  legalDate,
  resignationEnd,
} from '../domain/time';

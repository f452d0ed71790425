/** Which rules judge a changed key, by its type. */
import { judgeBallot } from './ballot.js';
import { judgeInForce, judgeVersion } from './bylaws.js';
import { judgeClaim, judgeDispatch, judgeEffect, judgeFinding, judgeRegistration } from './follow-up.js';
import { judgeConfirmation, judgeHeld, judgeSubmission } from './foundation.js';
import type { Judge } from './judge.js';
import { judgeMember, judgeMemberMsp } from './member.js';
import { judgeRepresentation } from './member-representation.js';
import { judgeOpeningReceipt, judgeProposalReceipt } from './receipt.js';
import { judgeResolution } from './resolution.js';
import type { Change } from './state.js';

type Rule<T> = (judge: Judge, change: Change<T>) => void;
/** Each rule takes what its type's schema has let through. */
const rule = <T>(judgeRecord: Rule<T>): Rule<unknown> => judgeRecord as Rule<unknown>;

const RULES: Readonly<Record<string, Rule<unknown>>> = {
  'foundation-submission': rule(judgeSubmission),
  'foundation-confirmation': rule(judgeConfirmation),
  foundation: rule(judgeHeld),
  bylaws: rule(judgeVersion),
  'bylaws-in-force': rule(judgeInForce),
  member: rule(judgeMember),
  'member-representation': rule(judgeRepresentation),
  'member-msp': rule(judgeMemberMsp),
  resolution: rule(judgeResolution),
  'proposal-receipt': rule(judgeProposalReceipt),
  'opening-receipt': rule(judgeOpeningReceipt),
  ballot: rule(judgeBallot),
  effect: rule(judgeEffect),
  claim: rule(judgeClaim),
  finding: rule(judgeFinding),
  registration: rule(judgeRegistration),
  dispatch: rule(judgeDispatch),
};

/** Types without rules of their own are judged by performing the act alone. */
export function judgeChange(judge: Judge, change: Change): void {
  RULES[change.type]?.(judge, change);
}

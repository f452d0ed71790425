/** The network follows the register: what covers a change of the channel's organizations. Pure functions. */
import { rules, type Member, type MemberIdentity } from 'umlauf-chaincode/api';
import { UserError } from '../user-error.js';

/** The register doesn't cover what is asked of the channel. */
export class NotCoveredError extends UserError {}

type Fingerprints = MemberIdentity['mspFingerprints'];

/** What covers that an organization is on the channel. */
export interface Cover {
  readonly member: Member;
  /** In words: the resolution, or the foundation. */
  readonly by: string;
}

/** What covers that one is taken off it; no member if none was ever admitted with it. */
export interface AbsenceCover {
  readonly member: Member | undefined;
  readonly by: string;
}

/**
 * An organization belongs on the channel while its member is on the register: admitted and in effect, with the very
 * roots that were admitted.
 * @param members everybody of whom anything is recorded
 * @throws NotCoveredError
 */
export function coverOfPresence(
  mspId: string,
  fingerprints: Fingerprints,
  members: readonly Member[],
  now: Date,
): Cover {
  const member = admittedWith(mspId, members);
  if (!member) {
    const applicant = members.find((each) => each.mspId === mspId);
    throw new NotCoveredError(
      applicant
        ? `${applicant.id} is not admitted (${applicant.status}): its organization ${mspId} has no place on the channel`
        : `the register has no member with the organization ${mspId}: no resolution covers it`,
    );
  }
  const { id, admission, mspFingerprints } = member;
  if (!rules.onRegister(member) || !admission)
    throw new NotCoveredError(`the membership of ${id} has ended: ${mspId} has no place on the channel`);
  if (Date.parse(admission.effectiveAt) > now.getTime())
    throw new NotCoveredError(`the admission of ${id} takes effect at ${admission.effectiveAt}`);
  const differing = (['signing', 'tls'] as const).filter(
    (kind) => !sameSet(mspFingerprints[kind], fingerprints[kind]),
  );
  if (differing.length > 0)
    throw new NotCoveredError(
      `${id} was admitted with other keys than ${mspId} has here (${differing.join(' and ')} roots): ` +
        `admitted ${differing.map((kind) => mspFingerprints[kind].join(', ')).join('; ')}, ` +
        `here ${differing.map((kind) => fingerprints[kind].join(', ')).join('; ')}`,
    );
  return { member, by: `${admittedBy(admission)}, in effect since ${admission.effectiveAt}` };
}

/**
 * An organization may be taken off the channel once its membership has ended, or if none was ever admitted.
 * @throws NotCoveredError
 */
export function coverOfAbsence(mspId: string, members: readonly Member[]): AbsenceCover {
  const member = admittedWith(mspId, members);
  if (!member) {
    if (members.length === 0)
      throw new NotCoveredError(`there is no register yet: nothing says that ${mspId} does not belong here`);
    return { member: undefined, by: 'the register: no resolution has admitted it' };
  }
  const { id, endsOn, completed, exclusion } = member;
  if (!completed)
    throw new NotCoveredError(
      endsOn === undefined
        ? `${id} is a member: its organization ${mspId} stays on the channel`
        : `the membership of ${id} ends on ${endsOn} and its ending has not been completed: ${mspId} stays until then`,
    );
  const why =
    exclusion && exclusion.effectiveAt === endsOn
      ? `resolution ${exclusion.resolutionId} (exclusion)`
      : 'its resignation';
  return { member, by: `${why}; the membership ended on ${endsOn ?? completed.at}` };
}

function admittedWith(mspId: string, members: readonly Member[]): Member | undefined {
  return members.find((member) => member.mspId === mspId && member.admission !== undefined);
}

function admittedBy(admission: NonNullable<Member['admission']>): string {
  return 'resolutionId' in admission
    ? `resolution ${admission.resolutionId}`
    : `the foundation ${admission.foundation.slice(0, 16)}…`;
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify([...new Set(a)].sort()) === JSON.stringify([...new Set(b)].sort());
}

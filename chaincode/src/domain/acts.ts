/** Who may do what: one table, and the one function that judges by it. */
import { DomainError } from './errors';
import { ROLES, type Role } from './primitives';

/** Whose act something is, as the caller's organization stands to what it concerns. */
export type Relation =
  | 'any-organization'
  | 'founder'
  | 'admitted-member'
  | 'admitted-or-excluded-member'
  | 'member-that-filed-it'
  | 'member-that-filed-it-only'
  | 'board-holding-member'
  | 'board-holding-member-only'
  | 'member-itself'
  | 'voter-on-the-roll';

interface Permission {
  readonly roles: readonly Role[];
  readonly of: Relation;
}

const BOARD = ['board'] as const;
const REPRESENTATIVE = ['representative'] as const;
const ACTING = ['representative', 'board'] as const;

export const ACTS = {
  'submit-foundation': { roles: BOARD, of: 'founder' },
  'confirm-foundation': { roles: BOARD, of: 'founder' },
  'read-foundation': { roles: ROLES, of: 'any-organization' },
  apply: { roles: BOARD, of: 'admitted-member' },
  propose: { roles: BOARD, of: 'admitted-member' },
  'withdraw-application': { roles: BOARD, of: 'member-that-filed-it' },
  'withdraw-resolution': { roles: BOARD, of: 'member-that-filed-it' },
  open: { roles: BOARD, of: 'board-holding-member' },
  register: { roles: BOARD, of: 'board-holding-member' },
  dispatch: { roles: BOARD, of: 'board-holding-member' },
  // Nothing waits for the finding, so it doesn't pass to others in time.
  finding: { roles: BOARD, of: 'board-holding-member-only' },
  vote: { roles: REPRESENTATIVE, of: 'voter-on-the-roll' },
  resign: { roles: REPRESENTATIVE, of: 'member-itself' },
  // For a member whose organization never joined and so can't declare it here itself.
  'resign-for-member': { roles: BOARD, of: 'member-that-filed-it-only' },
  change: { roles: BOARD, of: 'member-itself' },
  // Whoever may still vote and decide may say that it has reached the others.
  receive: { roles: ACTING, of: 'admitted-or-excluded-member' },
  decide: { roles: ACTING, of: 'admitted-or-excluded-member' },
  'complete-ending': { roles: ACTING, of: 'admitted-member' },
  'confirm-joined': { roles: ACTING, of: 'admitted-member' },
  'propose-project': { roles: BOARD, of: 'admitted-member' },
  'accept-project': { roles: BOARD, of: 'board-holding-member' },
  'advance-project': { roles: BOARD, of: 'member-itself' },
  'offer-service': { roles: BOARD, of: 'admitted-member' },
  'change-service': { roles: BOARD, of: 'member-itself' },
  'advance-service': { roles: BOARD, of: 'member-itself' },
  'withdraw-service': { roles: BOARD, of: 'member-itself' },
  // The two sides of a participation or a use: who takes part, and who holds what it takes part in.
  'agree-as-member': { roles: REPRESENTATIVE, of: 'member-itself' },
  'agree-as-holder': { roles: BOARD, of: 'member-itself' },
  'share-document': { roles: BOARD, of: 'admitted-member' },
  'supersede-document': { roles: BOARD, of: 'member-that-filed-it-only' },
  'draft-announcement': { roles: BOARD, of: 'admitted-member' },
  'withdraw-announcement': { roles: BOARD, of: 'member-that-filed-it' },
  // Doesn't pass to others in time: not to release is a decision too, and the general assembly can release it instead.
  'release-announcement': { roles: BOARD, of: 'board-holding-member-only' },
  'declare-site': { roles: BOARD, of: 'admitted-member' },
  'change-site': { roles: BOARD, of: 'member-itself' },
  'end-site': { roles: BOARD, of: 'member-itself' },
  'declare-node': { roles: BOARD, of: 'admitted-member' },
  'change-node': { roles: BOARD, of: 'member-itself' },
  'end-node': { roles: BOARD, of: 'member-itself' },
  read: { roles: ROLES, of: 'admitted-or-excluded-member' },
} as const satisfies Record<string, Permission>;
export type ActName = keyof typeof ACTS;

/**
 * Where an organization stands: `member` is admitted or ending and still within its membership, `excluded` the same with
 * its exclusion dispatched, `outside` everything else (unknown, applicant, rejected, former, past its last day).
 */
export type Membership = 'outside' | 'excluded' | 'member';

/** The caller's organization in relation to what the act concerns; what is left out doesn't hold. */
export interface Standing {
  readonly membership: Membership;
  readonly founder?: boolean;
  /** It filed the application or proposed the resolution. */
  readonly filed?: boolean;
  readonly itself?: boolean;
  readonly onRoll?: boolean;
  /** Named in the bylaws, admitted and joined. */
  readonly boardHolding?: boolean;
  /** The member that filed it is no admitted member any more. */
  readonly filerLeft?: boolean;
  /** No board-holding organization is an admitted member any more. */
  readonly noBoardHolding?: boolean;
  /** Instant from which any admitted member's board may do what the board-holding organizations left undone. */
  readonly openToAllFrom?: string;
}

/** With none of them left, any admitted member acts for the board-holding organizations: nobody can block the rest. */
const actsForBoard = ({ membership, boardHolding, noBoardHolding }: Standing): boolean =>
  membership === 'member' && (boardHolding === true || noBoardHolding === true);

const HOLDS: Record<Relation, (standing: Standing, at: string) => boolean> = {
  'any-organization': () => true,
  founder: ({ founder }) => founder === true,
  'admitted-member': ({ membership }) => membership === 'member',
  'admitted-or-excluded-member': ({ membership }) => membership !== 'outside',
  'member-that-filed-it': (standing) =>
    standing.filerLeft === true
      ? actsForBoard(standing)
      : standing.membership === 'member' && standing.filed === true,
  'member-that-filed-it-only': ({ membership, filed }) => membership === 'member' && filed === true,
  'board-holding-member': (standing, at) =>
    actsForBoard(standing) ||
    (standing.membership === 'member' &&
      standing.openToAllFrom !== undefined &&
      at >= standing.openToAllFrom),
  'board-holding-member-only': actsForBoard,
  'member-itself': ({ membership, itself }) => membership !== 'outside' && itself === true,
  // The roll was pinned at opening: what happened to the membership since doesn't change a running vote.
  'voter-on-the-roll': ({ onRoll }) => onRoll === true,
};

/**
 * Whether an office of the organization may do it at this instant.
 *
 * @throws {DomainError} `role-not-allowed`, `organization-not-allowed`, or `reserved-for-board-holding` with the instant
 *   from which the caller may do it.
 */
export function authorize(act: ActName, role: Role | undefined, standing: Standing, at: string): void {
  const { roles, of }: Permission = ACTS[act];
  if (!role || !roles.includes(role)) throw new DomainError('role-not-allowed', { act, roles });
  if (HOLDS[of](standing, at)) return;
  if (of === 'board-holding-member' && standing.membership === 'member' && standing.openToAllFrom)
    throw new DomainError('reserved-for-board-holding', { act, from: standing.openToAllFrom });
  throw new DomainError('organization-not-allowed', { act, of });
}

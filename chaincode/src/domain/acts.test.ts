import { describe, expect, it } from 'vitest';
import { ACTS, type ActName, type Membership, type Standing, authorize } from './acts';
import { DomainError } from './errors';
import { ROLES, type Role } from './primitives';

const AT = '2026-03-02T09:00:00.000Z';
const BEFORE = '2026-03-02T08:59:59.999Z';
const AFTER = '2026-03-02T09:00:00.001Z';

function verdict(act: ActName, role: Role | undefined, standing: Standing): string {
  try {
    authorize(act, role, standing, AT);
    return 'allowed';
  } catch (error) {
    return (error as DomainError).code;
  }
}

/** The organizations that the table tells apart, each with what holds of it. */
const ORGANIZATIONS = {
  outside: {},
  founder: { founder: true },
  'any member': {},
  'board-holding': { boardHolding: true },
  'the one that filed it': { filed: true },
  'the member itself': { itself: true },
  'on the roll': { onRoll: true },
} as const satisfies Record<string, Omit<Standing, 'membership'>>;
type Organization = keyof typeof ORGANIZATIONS;
const MEMBERSHIPS: Membership[] = ['outside', 'excluded', 'member'];

/** Who may do it: roles × organization, each with the memberships that it needs. */
const MEMBER = ['member'] as const;
const MEMBER_OR_EXCLUDED = ['excluded', 'member'] as const;
const ANY = MEMBERSHIPS;
type Cells = Partial<Record<Organization, readonly Membership[]>>;
const everybody = (memberships: readonly Membership[]): Cells =>
  Object.fromEntries(Object.keys(ORGANIZATIONS).map((name) => [name, memberships]));

const TABLE: Record<ActName, { roles: readonly Role[]; by: Cells }> = {
  'submit-foundation': { roles: ['board'], by: { founder: ANY } },
  'confirm-foundation': { roles: ['board'], by: { founder: ANY } },
  'read-foundation': { roles: ROLES, by: everybody(ANY) },
  apply: { roles: ['board'], by: everybody(MEMBER) },
  propose: { roles: ['board'], by: everybody(MEMBER) },
  'withdraw-application': { roles: ['board'], by: { 'the one that filed it': MEMBER } },
  'withdraw-resolution': { roles: ['board'], by: { 'the one that filed it': MEMBER } },
  open: { roles: ['board'], by: { 'board-holding': MEMBER } },
  register: { roles: ['board'], by: { 'board-holding': MEMBER } },
  dispatch: { roles: ['board'], by: { 'board-holding': MEMBER } },
  finding: { roles: ['board'], by: { 'board-holding': MEMBER } },
  vote: { roles: ['representative'], by: { 'on the roll': ANY } },
  resign: { roles: ['representative'], by: { 'the member itself': MEMBER_OR_EXCLUDED } },
  'resign-for-member': { roles: ['board'], by: { 'the one that filed it': MEMBER } },
  change: { roles: ['board'], by: { 'the member itself': MEMBER_OR_EXCLUDED } },
  receive: { roles: ['representative', 'board'], by: everybody(MEMBER_OR_EXCLUDED) },
  decide: { roles: ['representative', 'board'], by: everybody(MEMBER_OR_EXCLUDED) },
  'complete-ending': { roles: ['representative', 'board'], by: everybody(MEMBER) },
  'confirm-joined': { roles: ['representative', 'board'], by: everybody(MEMBER) },
  'propose-project': { roles: ['board'], by: everybody(MEMBER) },
  'accept-project': { roles: ['board'], by: { 'board-holding': MEMBER } },
  'advance-project': { roles: ['board'], by: { 'the member itself': MEMBER_OR_EXCLUDED } },
  'offer-service': { roles: ['board'], by: everybody(MEMBER) },
  'change-service': { roles: ['board'], by: { 'the member itself': MEMBER_OR_EXCLUDED } },
  'advance-service': { roles: ['board'], by: { 'the member itself': MEMBER_OR_EXCLUDED } },
  'withdraw-service': { roles: ['board'], by: { 'the member itself': MEMBER_OR_EXCLUDED } },
  'agree-as-member': { roles: ['representative'], by: { 'the member itself': MEMBER_OR_EXCLUDED } },
  'agree-as-holder': { roles: ['board'], by: { 'the member itself': MEMBER_OR_EXCLUDED } },
  'share-document': { roles: ['board'], by: everybody(MEMBER) },
  'supersede-document': { roles: ['board'], by: { 'the one that filed it': MEMBER } },
  'draft-announcement': { roles: ['board'], by: everybody(MEMBER) },
  'withdraw-announcement': { roles: ['board'], by: { 'the one that filed it': MEMBER } },
  'release-announcement': { roles: ['board'], by: { 'board-holding': MEMBER } },
  'declare-site': { roles: ['board'], by: everybody(MEMBER) },
  'change-site': { roles: ['board'], by: { 'the member itself': MEMBER_OR_EXCLUDED } },
  'end-site': { roles: ['board'], by: { 'the member itself': MEMBER_OR_EXCLUDED } },
  'declare-node': { roles: ['board'], by: everybody(MEMBER) },
  'change-node': { roles: ['board'], by: { 'the member itself': MEMBER_OR_EXCLUDED } },
  'end-node': { roles: ['board'], by: { 'the member itself': MEMBER_OR_EXCLUDED } },
  read: { roles: ROLES, by: everybody(MEMBER_OR_EXCLUDED) },
};

describe.each(Object.keys(ACTS) as ActName[])('%s', (act) => {
  const { roles, by } = TABLE[act];
  const cells = [...ROLES, undefined].flatMap((role) =>
    (Object.keys(ORGANIZATIONS) as Organization[]).map((organization) => ({ role, organization })),
  );
  it.each(cells)('by $role of "$organization"', ({ role, organization }) => {
    for (const membership of MEMBERSHIPS)
      expect({
        membership,
        verdict: verdict(act, role, { membership, ...ORGANIZATIONS[organization] }),
      }).toEqual({
        membership,
        verdict:
          role === undefined || !roles.includes(role)
            ? 'role-not-allowed'
            : by[organization]?.includes(membership)
              ? 'allowed'
              : 'organization-not-allowed',
      });
  });
});

describe('the auditor', () => {
  it('reads and never writes', () => {
    const writing = (Object.keys(ACTS) as ActName[]).filter((act) => !act.startsWith('read'));
    expect(writing.filter((act) => (ACTS[act].roles as readonly Role[]).includes('auditor'))).toEqual([]);
  });
});

describe('what the board-holding organizations leave undone', () => {
  const member: Standing = { membership: 'member' };
  it.each(['open', 'register', 'dispatch', 'accept-project'] as const)(
    '%s passes to any member in time',
    (act) => {
      expect(verdict(act, 'board', { ...member, openToAllFrom: AT })).toBe('allowed');
      expect(verdict(act, 'board', { ...member, openToAllFrom: BEFORE })).toBe('allowed');
      expect(verdict(act, 'board', { ...member, openToAllFrom: AFTER })).toBe('reserved-for-board-holding');
      expect(verdict(act, 'representative', { ...member, openToAllFrom: BEFORE })).toBe('role-not-allowed');
      for (const membership of ['excluded', 'outside'] as const)
        expect(verdict(act, 'board', { membership, openToAllFrom: BEFORE })).toBe('organization-not-allowed');
    },
  );

  it('tells from when any member may', () => {
    expect(() => authorize('open', 'board', { ...member, openToAllFrom: AFTER }, AT)).toThrow(
      new DomainError('reserved-for-board-holding', { act: 'open', from: AFTER }),
    );
  });

  it.each(['open', 'register', 'dispatch', 'finding', 'accept-project', 'release-announcement'] as const)(
    '%s passes at once when none of them is left',
    (act) => {
      expect(verdict(act, 'board', { ...member, noBoardHolding: true })).toBe('allowed');
      expect(verdict(act, 'board', { membership: 'excluded', noBoardHolding: true })).toBe(
        'organization-not-allowed',
      );
    },
  );

  // Nothing waits for the finding, and not to release an announcement is a decision too.
  it.each(['finding', 'release-announcement'] as const)('does not include %s', (act) => {
    expect(verdict(act, 'board', { ...member, openToAllFrom: BEFORE })).toBe('organization-not-allowed');
  });
});

const WITHDRAWALS = ['withdraw-application', 'withdraw-resolution', 'withdraw-announcement'] as const;
describe.each(WITHDRAWALS)('%s after the filer left', (act) => {
  it('is a board-holding organization’s', () => {
    const left = { membership: 'member', filerLeft: true } as const;
    expect(verdict(act, 'board', { ...left, boardHolding: true })).toBe('allowed');
    expect(verdict(act, 'board', left)).toBe('organization-not-allowed');
    expect(verdict(act, 'board', { ...left, noBoardHolding: true })).toBe('allowed');
    expect(verdict(act, 'board', { ...left, membership: 'outside', filed: true })).toBe(
      'organization-not-allowed',
    );
  });
});

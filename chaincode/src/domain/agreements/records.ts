/** Agreements on the ledger: what says that there is one, a key for each side, and their index. */
import type { Bylaws } from '../bylaws';
import { type Call, recorded } from '../call';
import { endorsementOf, putOwned } from '../endorsement';
import { reindex } from '../indexing';
import { agreement, agreementSide, indexPrefix } from '../keys';
import { type Holding, holderOf } from '../held/holding';
import { endsOn, memberStatus } from '../members/status';
import { findMember, getMember } from '../register/register';
import {
  type AgreementName,
  type AgreementSide,
  type AgreementView,
  type Declaration,
  SIDES,
  type SideName,
  otherSide,
} from './agreement';
import type { Agreement, AgreementKind, AgreementReference } from './kind';
import { type AgreementState, agreementState, isAwaiting, sideState } from './state';

const tenureOf = (side: SideName, { holders }: Holding): number =>
  side === 'member' ? 0 : holders.length - 1;

const sideKey = ({ name }: AgreementKind, reference: AgreementReference, side: SideName, tenure: number) => {
  const { resourceId, memberId, role } = reference;
  return agreementSide(name, resourceId, memberId, role, side, tenure);
};

/** Reads an agreement; one that nobody has begun has no round. */
export async function readAgreement(
  call: Call,
  kind: AgreementKind,
  reference: AgreementReference,
  holding: Holding,
  zone: string,
): Promise<Agreement> {
  const member = await call.ledger.get(sideKey(kind, reference, 'member', 0));
  // Whoever held it before has declared in a key of its own.
  const holders = await Promise.all(
    holding.holders.map((_, tenure) => call.ledger.get(sideKey(kind, reference, 'holder', tenure))),
  );
  const holder = holders.at(-1);
  const declarations = {
    member: member?.declarations ?? [],
    holder: holders.flatMap((side) => side?.declarations ?? []),
  };
  const state = stateUnder(agreementState(declarations), holder);
  return {
    reference,
    holding,
    sides: { ...(member && { member }), ...(holder && { holder }) },
    declarations,
    state: await ended(call, kind, reference, holding, state, zone),
  };
}

/** An invitation goes with the tenure in which it was made: whoever holds it now has agreed to nothing. */
function stateUnder(state: AgreementState, holder: AgreementSide | undefined): AgreementState {
  if (state.status !== 'invited') return state;
  const stands = holder?.declarations.some(({ kind, round }) => kind === 'agree' && round === state.round);
  return stands ? state : { ...state, status: 'declined' };
}

/** What ends it beside the two sides: the member's leaving, or what its kind says. */
async function ended(
  call: Call,
  kind: AgreementKind,
  reference: AgreementReference,
  holding: Holding,
  state: AgreementState,
  zone: string,
): Promise<AgreementState> {
  if (state.status !== 'agreed' || !state.since) return state;
  const record = await findMember(call, reference.memberId);
  const left = record && memberStatus(record) === 'former' ? endsOn(record) : undefined;
  const last = left ?? (await kind.endedBy?.(reference, holding, state.since, zone, call));
  return last === undefined ? state : { ...state, status: 'ended', endsOn: last };
}

/** One side declares something: writes its own key and what follows from it; what the agreement is then. */
export async function declare(
  call: Call,
  bylaws: Bylaws,
  kind: AgreementKind,
  before: Agreement,
  side: SideName,
  declared: Omit<Declaration, 'recorded' | 'sequence'>,
): Promise<Agreement> {
  const { reference, holding } = before;
  const { resourceId, memberId, role } = reference;
  const sequence = before.declarations.member.length + before.declarations.holder.length + 1;
  const declaration: Declaration = { ...declared, sequence, recorded: recorded(call) };
  const own = before.sides[side];
  const sides = { ...before.sides };
  if (own) {
    sides[side] = { ...own, declarations: [...own.declarations, declaration] };
    await call.ledger.put(sideKey(kind, reference, side, tenureOf(side, holding)), sides[side]);
  } else {
    sides[side] = await beginSide(call, bylaws, kind, before, side, [declaration]);
    if (before.state.round === 0) {
      await call.ledger.put(agreement(kind.name, resourceId, memberId, role), { begun: recorded(call) });
      const other = otherSide(side);
      sides[other] = await beginSide(call, bylaws, kind, before, other, []);
    }
  }
  const declarations = { ...before.declarations, [side]: [...before.declarations[side], declaration] };
  const after: Agreement = { reference, holding, sides, declarations, state: agreementState(declarations) };
  await reindexAgreement(call, kind, before, after);
  return after;
}

async function beginSide(
  call: Call,
  bylaws: Bylaws,
  kind: AgreementKind,
  { reference, holding }: Agreement,
  side: SideName,
  declarations: readonly Declaration[],
): Promise<AgreementSide> {
  const ownerId = side === 'member' ? reference.memberId : holderOf(holding).memberId;
  const { mspId } = await getMember(call, ownerId);
  const begun = { endorsement: await endorsementOf(call, bylaws, mspId), declarations: [...declarations] };
  await putOwned(call, sideKey(kind, reference, side, tenureOf(side, holding)), begun);
  return begun;
}

/** One entry a side, by its own state, and one while it waits for either. */
async function reindexAgreement(
  call: Call,
  { name }: AgreementKind,
  before: Agreement,
  after: Agreement,
): Promise<void> {
  const { resourceId, memberId, role } = after.reference;
  const begun = before.state.round > 0;
  const facets = (side: SideName, { declarations }: Agreement) => [
    [side === 'member' ? memberId : resourceId, sideState(declarations, side)],
  ];
  for (const side of SIDES)
    await reindex(
      call.ledger,
      `${name}-of-${side}`,
      side === 'member' ? [resourceId, role] : [memberId, role],
      begun ? facets(side, before) : undefined,
      facets(side, after),
    );
  await reindex(
    call.ledger,
    `${name}-awaiting`,
    [resourceId, memberId, role],
    isAwaiting(before.state) ? [[]] : undefined,
    isAwaiting(after.state) ? [[]] : [],
  );
}

/** Agreements of a side, in the order of its states; with a state, those that it has declared last. */
export const agreementsOf = ({ name }: AgreementKind, side: SideName, id: string, state?: string) =>
  indexPrefix(`${name}-of-${side}`, state === undefined ? [id] : [id, state]);
export const agreementsAwaiting = (name: AgreementName) => indexPrefix(`${name}-awaiting`, []);

/** What every kind of agreement answers. */
export function agreementView({ reference, holding, sides, declarations, state }: Agreement): AgreementView {
  if (!state.status) throw new Error('an agreement that nobody has begun');
  return {
    status: state.status,
    memberId: reference.memberId,
    holderId: holderOf(holding).memberId,
    memberState: sideState(declarations, 'member'),
    holderState: sideState(declarations, 'holder'),
    ...(state.since && { since: state.since.recorded }),
    ...(state.endsOn !== undefined && { endsOn: state.endsOn }),
    declarations: SIDES.flatMap((by) => declarations[by].map((declaration) => ({ ...declaration, by }))).sort(
      (a, b) => a.sequence - b.sequence,
    ),
    endorsements: SIDES.flatMap((side) => sides[side]?.endorsement ?? []),
  };
}

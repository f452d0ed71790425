/** What follows from what two sides have declared. Nothing here is stored. */
import {
  type AgreementStatus,
  type Declaration,
  type SideName,
  type SideState,
  otherSide,
} from './agreement';

export type Declarations = Readonly<Record<SideName, readonly Declaration[]>>;

export interface AgreementState {
  /** 0 before anybody declared anything. */
  readonly round: number;
  /** Absent before anybody declared anything. */
  readonly status?: AgreementStatus;
  /** The later of the two agreements of this round. */
  readonly since?: Declaration;
  readonly endsOn?: string;
}

const later = (a: Declaration, b: Declaration): Declaration => (a.sequence > b.sequence ? a : b);

export function agreementState({ member, holder }: Declarations): AgreementState {
  const all = [...member, ...holder];
  const round = Math.max(0, ...all.map((declaration) => declaration.round));
  const current = (declarations: readonly Declaration[], kind?: Declaration['kind']) =>
    declarations.find((each) => each.round === round && (kind === undefined || each.kind === kind));
  const [byMember, byHolder] = [current(member, 'agree'), current(holder, 'agree')];
  const since = byMember && byHolder && later(byMember, byHolder);
  const end = current(all, 'end');
  if (end)
    return {
      round,
      status: 'ended',
      ...(since && { since }),
      ...(end.on !== undefined && { endsOn: end.on }),
    };
  if (current(all, 'decline')) return { round, status: 'declined' };
  if (since) return { round, status: 'agreed', since };
  if (byMember) return { round, status: 'requested' };
  return byHolder ? { round, status: 'invited' } : { round };
}

/** How many rounds a side has begun: those in which it agreed before the other declared anything. */
export function roundsBegun(declarations: Declarations, side: SideName): number {
  const others = declarations[otherSide(side)];
  return declarations[side].filter(
    ({ kind, round, sequence }) =>
      kind === 'agree' && !others.some((each) => each.round === round && each.sequence < sequence),
  ).length;
}

const STATES = { agree: 'agreed', decline: 'declined', end: 'ended' } as const satisfies Record<
  Declaration['kind'],
  SideState
>;

/** What a side itself declared last in the round that both are at. */
export function sideState(declarations: Declarations, side: SideName): SideState {
  const { round } = agreementState(declarations);
  const last = declarations[side].filter((each) => each.round === round).at(-1);
  return last ? STATES[last.kind] : 'awaiting';
}

/** Whether it waits for one of the sides. */
export const isAwaiting = ({ status }: AgreementState): boolean =>
  status === 'invited' || status === 'requested';

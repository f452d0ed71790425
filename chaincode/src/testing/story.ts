/**
 * Generated histories: random acts by random offices at random times, several endorsed at once and committed in another
 * order, some held back for long, so that rules meet every state and every conflict that a network can bring.
 */
import fc from 'fast-check';
import { type InputOf, TRANSACTIONS, type SubmitName } from '../api/transactions';
import { compositeKey } from '../domain/composite-key';
import { PROBLEMS } from '../domain/errors';
import { bylawsInForce } from '../domain/keys';
import type { MemberRecord } from '../domain/member';
import { membership } from '../domain/members/status';
import { CHOICES } from '../domain/resolution';
import { legalDate } from '../domain/time';
import {
  Cooperative,
  DOCUMENT,
  admission,
  amendment,
  application,
  bylaws,
  exclusion,
  mspIdOf,
} from './cooperative';
import { VALID } from './fake-ledger';
import type { Endorsed, Office } from './world';

const SIZE = 4;
const MEMBERS = [...Cooperative.NAMES.slice(0, SIZE), 'north', 'south'] as const;
/** Acts aim at one of so many resolutions that were proposed last. */
const RECENT = 3;

/** Numbers from which an act takes its actor and its parameters: what they mean depends on the state. */
interface Draw {
  readonly kind: (typeof KINDS)[number];
  readonly actor: number;
  readonly wrongRole: boolean;
  readonly a: number;
  readonly b: number;
  /** Of the timestamp against the peers' clock, in seconds. */
  readonly offset: number;
  /** For how many batches it is held back once endorsed. */
  readonly hold: number;
}
export interface Batch {
  readonly draws: readonly Draw[];
  /** Seconds that pass before. */
  readonly passes: number;
  readonly backwards: boolean;
}

/**
 * How often each is drawn. Wherever a number decides, its common values (fast-check prefers small ones) lead on, so that
 * histories reach decisions and effects.
 */
const KINDS = [
  ...['rally', 'rally', 'rally', 'vote', 'vote', 'decide', 'decide', 'decide', 'open', 'open', 'open'],
  ...['propose', 'propose', 'propose', 'apply', 'apply', 'withdraw', 'take-back', 'join', 'confirm'],
  ...['receive', 'receive', 'receive', 'resign', 'complete', 'register', 'dispatch', 'finding', 'change'],
] as const;

const draw: fc.Arbitrary<Draw> = fc.record({
  kind: fc.constantFrom(...KINDS),
  actor: fc.nat({ max: MEMBERS.length - 1 }),
  wrongRole: fc.integer({ min: 0, max: 19 }).map((n) => n === 13),
  a: fc.nat({ max: 99 }),
  b: fc.nat({ max: 99 }),
  offset: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: -30, max: 30 }) },
    { weight: 1, arbitrary: fc.constantFrom(-31, 31, -600, 600) },
  ),
  hold: fc.oneof(
    { weight: 9, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 8 }) },
  ),
});
const DAY = 24 * 60 * 60;
export const history = (batches: number): fc.Arbitrary<Batch[]> =>
  fc.array(
    fc.record({
      draws: fc.array(draw, { minLength: 1, maxLength: 4 }),
      passes: fc.oneof(
        { weight: 30, arbitrary: fc.integer({ min: 0, max: 300 }) },
        { weight: 4, arbitrary: fc.constantFrom(3600, DAY) },
        { weight: 1, arbitrary: fc.constantFrom(15 * DAY, 200 * DAY) },
      ),
      backwards: fc.boolean(),
    }),
    { minLength: batches, maxLength: batches },
  );

interface Act {
  readonly office: Office;
  readonly name: SubmitName;
  readonly input: { readonly id: string };
}

/** A write that was endorsed, with what came of it. */
export interface Committed {
  readonly name: SubmitName;
  readonly input: { readonly id: string };
  readonly mspId: string;
  readonly endorsed: Endorsed<unknown>;
  readonly code: number;
  /** Milliseconds by which its timestamp was off the clock of those who endorsed it. */
  readonly off: number;
  /** Clock of those who endorsed it, and when it was committed, in milliseconds since the epoch. */
  readonly endorsedAt: number;
  readonly committedAt: number;
}

/** Endorsed, and held back until that batch. */
interface Held extends Omit<Committed, 'code' | 'committedAt'> {
  readonly until: number;
}

/** A cooperative with whatever the draws make of it. */
export class Story {
  readonly committed: Committed[] = [];
  #held: Held[] = [];
  #batches = 0;

  private constructor(readonly cooperative: Cooperative) {}

  static async begin(changeable: boolean): Promise<Story> {
    const { matters } = Cooperative.unfounded(SIZE).bylaws;
    const cooperative = await Cooperative.founded(SIZE, {
      matters: { ...matters, ordinary: { ...matters.ordinary, ballotsChangeable: changeable } },
    });
    await cooperative.applied('north');
    return new Story(cooperative);
  }

  /**
   * Endorses all against the same state, then commits them and what was held back until now. Refusals must be refusals
   * of the registry.
   */
  async play({ draws, passes, backwards }: Batch): Promise<Committed[]> {
    const { world } = this.cooperative;
    world.pass({ seconds: passes });
    this.#batches += 1;
    for (const [each, act] of draws.flatMap((each) =>
      this.#actsOf(each).map((act) => [each, act] as const),
    )) {
      const at = world.now + each.offset * 1000;
      try {
        const endorsed = await act.office.endorse(act.name, act.input, { at });
        const off = Math.abs(each.offset) * 1000;
        const until = this.#batches + each.hold;
        this.#held.push({ ...act, mspId: act.office.mspId, endorsed, off, endorsedAt: world.now, until });
      } catch (error) {
        checkRefusal(error);
      }
    }
    const due = this.#held.filter(({ until }) => until <= this.#batches);
    this.#held = this.#held.filter(({ until }) => until > this.#batches);
    if (backwards) due.reverse();
    const committed = due.map((each) => ({
      ...each,
      code: world.commit(each.endorsed),
      committedAt: world.now,
    }));
    this.committed.push(...committed);
    return committed;
  }

  #actsOf(draw: Draw): Act[] {
    const single =
      draw.kind === 'rally' ? MEMBERS.map((_, actor): Draw => ({ ...draw, kind: 'vote', actor })) : [draw];
    return single.map((each) => this.#actOf(each)).filter((act) => act !== undefined);
  }

  #actOf({ kind, actor, wrongRole, a, b }: Draw): Act | undefined {
    const { cooperative } = this;
    const { world } = cooperative;
    // Mostly those who hold the board, where only they may.
    const holds = ['open', 'decide', 'register', 'dispatch', 'finding'].includes(kind) && b % 5 !== 4;
    const self = MEMBERS[holds ? actor % 2 : actor] ?? 'alpha';
    const member = MEMBERS[a % MEMBERS.length] ?? 'alpha';
    const id = `story-${Math.max(0, this.#proposed() - (a % RECENT) - 1)}`;
    const date = world.instant.slice(0, 10);
    const act = <N extends SubmitName>(
      role: 'board' | 'representative',
      name: N,
      input: InputOf<N> & { id: string },
    ): Act => {
      const office = wrongRole
        ? cooperative.auditor(self)
        : role === 'board'
          ? cooperative.board(self)
          : cooperative.representative(self);
      return { office, name, input };
    };
    switch (kind) {
      case 'vote':
        return act('representative', 'resolutions:vote', {
          id,
          choice: CHOICES[b % 7 === 3 ? 1 : b % 11 === 5 ? 2 : 0],
        });
      case 'decide':
        return act('board', 'resolutions:decide', { id });
      case 'receive':
        return b % 4 === 3
          ? act('board', 'members:receive', { id: member })
          : act('representative', 'resolutions:receive', { id });
      case 'open':
        return act('board', 'resolutions:open', { id });
      case 'propose':
        // Now and then under an id that is taken.
        return act('board', 'resolutions:propose', this.#proposal(b % 10 === 7 ? id : this.#nextId(), b));
      case 'apply':
        return act('board', 'members:apply', application(b % 2 === 0 ? 'north' : 'south'));
      case 'withdraw':
        return act('board', 'resolutions:withdraw', { id });
      case 'take-back':
        return act('board', 'members:withdraw', { id: member });
      case 'rally':
        return undefined;
      case 'join':
        world.organizations.set(mspIdOf(member), true);
        return undefined;
      case 'confirm':
        return act('board', 'members:confirmJoined', { id: member });
      case 'resign':
        // Seldom, or nobody would be left to play.
        return b > 85 ? act('representative', 'members:resign', { id: self }) : undefined;
      case 'complete':
        return act('board', 'members:completeEnding', { id: member });
      case 'register':
        return act('board', 'resolutions:register', { id, date });
      case 'dispatch':
        return act('board', 'resolutions:dispatch', { id, date });
      case 'finding':
        return act('board', 'resolutions:finding', { id, date, minutes: { ...DOCUMENT } });
      case 'change':
        return act('board', 'members:change', { id: self, change: { office: `Office ${b % 3}` } });
    }
  }

  #proposed(): number {
    const keys = [...this.cooperative.world.ledger.contents.keys()];
    return keys.filter((key) => key.startsWith('\u0000resolution\u0000')).length;
  }

  #nextId(): string {
    return `story-${this.#proposed()}`;
  }

  #proposal(id: string, seed: number) {
    const { cooperative } = this;
    const matters = [
      {},
      admission(seed % 2 === 0 ? 'north' : 'south'),
      admission(seed % 2 === 0 ? 'north' : 'south'),
      exclusion(MEMBERS[seed % MEMBERS.length] ?? 'delta'),
      amendment(this.#version(), bylaws(['alpha', 'bravo'], { resignationPeriod: `P${3 + (seed % 9)}M` })),
    ];
    const proposal = cooperative.proposal({
      ...matters[seed % matters.length],
      votingPeriod: seed % 4 === 3 ? 'PT1H' : 'PT720H',
      quorumPercent: seed % 3 === 2 ? 50 : 0,
    });
    return { ...proposal, id };
  }

  #version(): string {
    const key = compositeKey(bylawsInForce);
    const { version } = JSON.parse(this.cooperative.world.ledger.contents.get(key) ?? '') as {
      version: string;
    };
    return version;
  }

  /** An office that may still read: not all members may have left. */
  reader(): Office | undefined {
    const { world } = this.cooperative;
    const today = legalDate(world.instant, this.cooperative.bylaws.timeZone);
    for (const [key, text] of world.ledger.contents) {
      if (!key.startsWith('\u0000member\u0000')) continue;
      const record = JSON.parse(text) as MemberRecord;
      if (membership(record, today) !== 'outside') return world.office(record.mspId, 'auditor');
    }
    return undefined;
  }
}

/** Whatever is thrown is a refusal by name, under 1 kB. */
function checkRefusal(error: unknown): void {
  const { message } = error as Error;
  const { code } = JSON.parse(message) as { code: string };
  if (!(code in PROBLEMS) || code === 'internal' || Buffer.byteLength(message) > 1000)
    throw new Error(`not a refusal: ${message}`, { cause: error });
}

/** Whether a write is of this transaction and counted. */
export const isValid = (name: keyof typeof TRANSACTIONS) => (each: Committed) =>
  each.name === name && each.code === VALID;

/**
 * Acting when something is due: recording receipts, deciding resolutions, completing endings.
 *
 * On the ledger the clock alone changes nothing; every gateway watches and triggers what is due, in turn: one is first,
 * the others act only if it is still due some time later. That several do so is harmless; that many do, all conflict.
 */
import type { Logger } from 'pino';
import type { Fact, OpenPoint, Page, Role } from 'umlauf-chaincode/api';
import { parsed, type Ledger } from '../ledger.js';
import { isProblem } from '../problem.js';
import { Decisions } from './decisions.js';
import { Duties, type DutyParts } from './duties.js';
import { Endings } from './endings.js';
import { Receipts } from './receipts.js';
import { Schedule } from './schedule.js';
import { share } from './stagger.js';
import { Turns, type TurnParts } from './turns.js';

/** What the triggers work with. */
export interface TriggerOptions extends Pick<DutyParts, 'ledger' | 'role'> {
  readonly memberId: string;
  readonly turns: TurnParts;
  /** Milliseconds at least between looks through the open points, for what the events didn't tell. */
  readonly sweepMs: number;
  readonly logger: Logger;
}

/** Triggers that run. */
export interface Triggers {
  /** Takes note of a fact. */
  see(fact: Fact): void;
  /** Takes note that the own member is voting; `settling` if it isn't simply in favour. */
  voting(resolutionId: string, settling: boolean): void;
  /** Resolves when nothing of them runs any more. */
  stop(): Promise<void>;
}

/** After a look through the open points it rests so many times as long as that took, however much there is to read. */
const RESTS_PER_SWEEP = 100;
const LONGEST_REST_MS = 600_000;

const SWEEP = 'sweep';
const TURNS = 'turns';

/** What a gateway acts on by itself. */
const DUE = ['receipt-due', 'resolution-due', 'ending-due'] as const satisfies readonly OpenPoint['kind'][];

async function pointsOf(kind: OpenPoint['kind'], ledger: Ledger, role: Role): Promise<OpenPoint[]> {
  const points: OpenPoint[] = [];
  let bookmark: string | undefined;
  do {
    const input = { kind, limit: 200, ...(bookmark === undefined ? {} : { bookmark }) };
    const page = parsed(await ledger.evaluate('members:openPoints', input, role)) as Page<OpenPoint>;
    points.push(...page.items);
    bookmark = page.bookmark;
  } while (bookmark !== undefined);
  return points;
}

/** Starts watching. */
export function startTriggers(options: TriggerOptions): Triggers {
  const { ledger, role, memberId, sweepMs, logger } = options;
  const schedule = new Schedule((error) => {
    // Others were first, the peer was away, nothing is founded yet: the next look tells.
    if (isProblem(error)) logger.debug({ err: error }, 'a trigger was refused');
    else logger.warn({ err: error }, 'a trigger failed');
  });
  const turns = new Turns(options.turns);
  const parts: DutyParts = { ledger, role, turns, duties: new Duties(schedule, turns) };
  const receipts = new Receipts(parts);
  const decisions = new Decisions({ ...parts, memberId, receipts });
  const endings = new Endings(parts);

  const learnTurns = (): void => schedule.at(TURNS, Date.now(), () => turns.refresh());
  const sweep = async (): Promise<void> => {
    const began = performance.now();
    let restMs = sweepMs;
    try {
      await turns.refresh();
      // One after the other: the peer commits nothing while it reads a page.
      const points: OpenPoint[] = [];
      for (const kind of DUE) points.push(...(await pointsOf(kind, ledger, role)));
      for (const { kind, resolutionId, memberId: ending } of points) {
        if (kind === 'receipt-due' && resolutionId !== undefined) receipts.due(resolutionId);
        if (kind === 'receipt-due' && ending !== undefined) endings.received(ending);
        if (kind === 'resolution-due' && resolutionId !== undefined) decisions.due(resolutionId);
        if (kind === 'ending-due' && ending !== undefined) endings.due(ending);
      }
      const tookMs = performance.now() - began;
      restMs = Math.max(sweepMs, Math.min(tookMs * RESTS_PER_SWEEP, LONGEST_REST_MS));
    } finally {
      schedule.at(SWEEP, Date.now() + restMs, sweep);
    }
  };

  learnTurns();
  schedule.at(SWEEP, Date.now() + sweepMs * share(SWEEP, memberId), sweep);
  return {
    see: (fact) => {
      if (fact.type === 'member.joined') learnTurns();
      for (const kind of [receipts, decisions, endings]) kind.see(fact);
    },
    voting: (resolutionId, settling) => decisions.voting(resolutionId, settling),
    stop: () => schedule.stop(),
  };
}

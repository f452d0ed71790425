/**
 * Acting when something is due: deciding resolutions and completing endings.
 *
 * On the ledger the clock alone changes nothing; every gateway watches and triggers what is due. That several do so is
 * harmless: one is first, the others find it done.
 */
import type { Logger } from 'pino';
import type { OpenPoint, Page, Role } from 'umlauf-chaincode/api';
import type { ReportedFact } from '../fabric/facts.js';
import { parsed, type Ledger } from '../ledger.js';
import { isProblem } from '../problem.js';
import { Decisions } from './decisions.js';
import { Schedule } from './schedule.js';
import { delayAfterDue, share } from './stagger.js';

/** What the triggers work with. */
export interface TriggerOptions {
  readonly ledger: Ledger;
  /** In which role to act: representative or board. */
  readonly role: Role;
  readonly memberId: string;
  /** Milliseconds between looks through the open points, for what the events didn't tell. */
  readonly sweepMs: number;
  readonly logger: Logger;
}

/** Triggers that run. */
export interface Triggers {
  /** Takes note of a fact. */
  see(fact: ReportedFact): void;
  /** Takes note that the own member is voting; `settling` if it isn't simply in favour. */
  voting(resolutionId: string, settling: boolean): void;
  /** Resolves when nothing of them runs any more. */
  stop(): Promise<void>;
}

const SWEEP = 'sweep';

async function openPoints(ledger: Ledger, role: Role): Promise<OpenPoint[]> {
  const points: OpenPoint[] = [];
  let bookmark: string | undefined;
  do {
    const input = { limit: 200, ...(bookmark === undefined ? {} : { bookmark }) };
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
  const decisions = new Decisions({ ledger, schedule, role, memberId });

  const completeEnding = (id: string): void =>
    schedule.atEarliest(`ending ${id}`, Date.now() + delayAfterDue(id, memberId), async () => {
      await ledger.submit('members:completeEnding', { id }, role);
    });
  const sweep = async (): Promise<void> => {
    try {
      for (const { kind, resolutionId, memberId: ending } of await openPoints(ledger, role)) {
        if (kind === 'resolution-due' && resolutionId !== undefined) decisions.due(resolutionId);
        if (kind === 'ending-due' && ending !== undefined) completeEnding(ending);
      }
    } finally {
      schedule.at(SWEEP, Date.now() + sweepMs, sweep);
    }
  };

  schedule.at(SWEEP, Date.now() + sweepMs * share(SWEEP, memberId), sweep);
  return {
    see: (fact) => decisions.see(fact),
    voting: (resolutionId, settling) => decisions.voting(resolutionId, settling),
    stop: () => schedule.stop(),
  };
}

import type { Matter } from '../bylaws';
import type { Call } from '../call';
import { DomainError } from '../errors';
import { type HistoryStep, historyOf, mergeHistories } from '../history';
import {
  ballot,
  dispatch,
  effect,
  finding,
  openingReceipt,
  proposalReceipt,
  registration,
  resolution,
} from '../keys';
import { type PageRequest, pageOfAll, pageOfEntries } from '../paging';
import type { Page } from '../primitives';
import { type Cooperative, enter, enterFor } from '../register/cooperative';
import type { Ballot, Opening, Resolution, ResolutionRecord, ResolutionStatus } from '../resolution';
import { castBallots, findResolution, resolutionsBy } from './records';
import { ResolutionViews } from './view';

const enterReading = (call: Call, id: string): Promise<Cooperative & { found: ResolutionRecord }> =>
  enterFor(call, 'read', 'resolution', () => findResolution(call, id));

/** @throws {DomainError} `not-found` and what entering refuses */
export async function readResolution(call: Call, { id }: { id: string }): Promise<Resolution> {
  const { found, bylaws } = await enterReading(call, id);
  return new ResolutionViews(call, bylaws.timeZone).view(found);
}

interface ResolutionQuery extends PageRequest {
  readonly status?: ResolutionStatus | undefined;
  readonly matter?: Matter | undefined;
}

/** In the order of their proposals. */
export async function listResolutions(call: Call, query: ResolutionQuery): Promise<Page<Resolution>> {
  const { bylaws } = await enter(call, 'read');
  const views = new ResolutionViews(call, bylaws.timeZone);
  return pageOfEntries(call.ledger, resolutionsBy(query.status, query.matter), query, async ({ parts }) => {
    const record = await findResolution(call, parts.at(-1) ?? '');
    if (!record) throw new Error('an index entry names no resolution');
    return views.view(record);
  });
}

/** Every ballot on the roll, cast or not, in the roll's order; none before voting is opened. */
export async function listBallots(
  call: Call,
  { id, ...request }: { id: string } & PageRequest,
): Promise<Page<Ballot>> {
  const { found, bylaws } = await enterReading(call, id);
  if (!found.opening) return pageOfAll([], request);
  return pageOfAll(await ballotViews(call, found, found.opening, bylaws.timeZone), request);
}

/** @throws {DomainError} `not-found` also for a member that isn't on the roll */
export async function readBallot(
  call: Call,
  { id, memberId }: { id: string; memberId: string },
): Promise<Ballot> {
  const { found, bylaws } = await enterReading(call, id);
  const voter = found.opening?.roll.find((each) => each.memberId === memberId);
  if (!found.opening || !voter) throw new DomainError('not-found', { resource: 'ballot' });
  const [view] = await ballotViews(call, found, { ...found.opening, roll: [voter] }, bylaws.timeZone);
  if (!view) throw new Error('a voter has no ballot');
  return view;
}

async function ballotViews(
  call: Call,
  record: ResolutionRecord,
  opening: Opening,
  zone: string,
): Promise<Ballot[]> {
  const ballots = await castBallots(call, record, opening);
  const views = new ResolutionViews(call, zone);
  return Promise.all(opening.roll.map((voter) => views.ballot(voter, ballots.get(voter.memberId))));
}

/** Everything that was ever recorded of a resolution: itself, its ballots, effects and what followed. */
export async function resolutionHistory(
  call: Call,
  { id, ...request }: { id: string } & PageRequest,
): Promise<Page<HistoryStep>> {
  const { found } = await enterReading(call, id);
  const histories = await Promise.all([
    historyOf(call, 'resolution', resolution(id)),
    historyOf(call, 'proposal-receipt', proposalReceipt(id)),
    historyOf(call, 'opening-receipt', openingReceipt(id)),
    ...(found.opening?.roll ?? []).map(({ memberId }) => historyOf(call, 'ballot', ballot(id, memberId))),
    ...found.effects.map((_, index) => historyOf(call, 'effect', effect(id, index))),
    historyOf(call, 'finding', finding(id)),
    historyOf(call, 'registration', registration(id)),
    historyOf(call, 'dispatch', dispatch(id)),
  ]);
  // A ballot is created empty when voting opens: that is no ballot yet.
  const steps = mergeHistories(histories).filter(({ part, value }) => part !== 'ballot' || isFilled(value));
  return pageOfAll(steps, request);
}

const isFilled = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;

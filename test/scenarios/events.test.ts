/** What happens on the ledger, told to those who listen at a member's gateway. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adopt } from '../harness/adoption.js';
import { startConsortium, type TestConsortium } from '../harness/consortium.js';
import { EventSource, type ToldEvent } from '../harness/events.js';

let consortium: TestConsortium;
const sources: EventSource[] = [];
beforeAll(async () => {
  consortium = await startConsortium();
});
afterAll(async () => {
  for (const source of sources) source.close();
  await consortium.stop();
});

const listen = async (memberId: string, query = '', lastId?: string): Promise<EventSource> => {
  const source = await EventSource.open(consortium.gateway(memberId), query, lastId);
  sources.push(source);
  return source;
};

const about = (id: string) => (event: ToldEvent) => event.subject === `resolutions/${id}`;
const types = (events: readonly ToldEvent[]) => events.map(({ type }) => type.replace('umlauf.v1.', ''));
const decided = (id: string) => (event: ToldEvent) =>
  about(id)(event) && event.type === 'umlauf.v1.resolution.decided';

describe('the events of a ledger', () => {
  it('tell of a vote in its order, live and from the first block on, the same at every gateway', async () => {
    const live = await listen('itdz-berlin', '?resource=resolutions/told');
    await adopt(consortium, 'told');
    await live.has('the decision', decided('told'));
    const told = types(live.events.filter(about('told')));
    expect(told.slice(0, 2)).toEqual(['resolution.proposed', expect.stringMatching(/^resolution\./)]);
    expect(told.filter((type) => type === 'ballot.cast')).toHaveLength(4);
    expect(told.indexOf('resolution.opened')).toBeLessThan(told.indexOf('ballot.cast'));
    expect(told.indexOf('resolution.decided')).toBeGreaterThan(told.lastIndexOf('ballot.cast'));

    const [one, other] = [
      await listen('itdz-berlin', '?from=0'),
      await listen('municipal-provider-1', '?from=0'),
    ];
    for (const source of [one, other]) await source.has('the decision', decided('told'));
    const last = one.events.findIndex(decided('told'));
    expect(other.events.slice(0, last + 1)).toEqual(one.events.slice(0, last + 1));
    expect(types(one.events)).toContain('foundation.held');
    expect(new Set(one.events.map(({ id }) => id)).size).toBe(one.events.length);
    expect(one.events.filter(about('told')).slice(0, live.events.length)).toEqual(live.events);
  });

  it('go on where a reader was, at another gateway as well, without a gap and none twice', async () => {
    const before = await listen('itdz-berlin', '?from=0');
    await before.has('the opening of the first vote', ({ type }) => type === 'umlauf.v1.resolution.opened');
    before.close();
    await adopt(consortium, 'after');
    const again = await listen('municipal-provider-2', '', before.lastId);
    await again.has('the decision', decided('after'));
    const whole = await listen('bundesdruckerei', '?from=0');
    await whole.has('the decision', decided('after'));
    const read = [...before.events, ...again.events];
    expect(read.slice(0, whole.events.length)).toEqual(whole.events.slice(0, read.length));
  });
});

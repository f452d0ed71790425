/** Reads through REST: those that are answered from memory beside a bare route, the others beside the bare client. */
import { Agent } from 'node:http';
import { IN_FLIGHT, fetched, rates, withBareRoute } from './beside-bare-route.js';
import type { Load } from './load.js';
import type { Figure } from './measure.js';

const READER = 'itdz-berlin';

/** A day that nobody has asked for yet: its answer can't be in memory. */
const dayOf = (index: number): string =>
  new Date(Date.UTC(2100, 0, 1) + index * 86_400_000).toISOString().slice(0, 10);

export async function reads(load: Load, quick: boolean): Promise<Figure[]> {
  const turns = quick ? 2 : 4;
  const { url, tokens } = load.gateways.find(({ memberId }) => memberId === READER)!;
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  const rest = (path: string) => fetched(agent, `${url}/api/v1${path}`, tokens.auditor);
  try {
    const [cached, bare] = await withBareRoute(await rest('/members'), (bareUrl) =>
      rates(turns, 3_000, [() => rest('/members'), () => fetched(agent, bareUrl)]),
    );
    const [uncached, evaluated] = await rates(turns, 400, [
      (index) => rest(`/members?at=${dayOf(index)}`),
      (index) => load.evaluate(READER, 'members:list', { at: dayOf(index) }),
    ]);
    return [
      { name: `reads from memory, ${IN_FLIGHT} in flight, REST`, value: cached, unit: 'reads/s' },
      { name: `the same bytes, ${IN_FLIGHT} in flight, bare Express route`, value: bare, unit: 'reads/s' },
      {
        name: 'reads from memory, REST ÷ bare Express route',
        value: cached / bare,
        unit: '',
        target: { atLeast: 0.4 },
      },
      { name: `reads of the peer, ${IN_FLIGHT} in flight, REST`, value: uncached, unit: 'reads/s' },
      { name: `reads of the peer, ${IN_FLIGHT} in flight, bare client`, value: evaluated, unit: 'reads/s' },
      {
        name: 'reads of the peer, REST ÷ bare client',
        value: uncached / evaluated,
        unit: '',
        target: { atLeast: 0.85 },
      },
    ];
  } finally {
    agent.destroy();
  }
}

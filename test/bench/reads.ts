/** Reads through REST: those that are answered from memory beside a bare route, the others beside the bare client. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Load } from './load.js';
import { harmonicMean, perSecond, type Figure } from './measure.js';

const IN_FLIGHT = 16;
const BARE_ROUTE = fileURLToPath(new URL('./bare-route.js', import.meta.url));
const READER = 'itdz-berlin';

/** One request of a client that costs little itself. */
async function fetched(agent: Agent, url: string, token?: string): Promise<Buffer> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const request = get(url, { agent, headers });
  const [response] = (await once(request, 'response')) as [
    Parameters<typeof buffer>[0] & { statusCode: number },
  ];
  const bytes = await buffer(response);
  if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode}`);
  return bytes;
}

/** Rates of both sides, which take turns; the first turn of each doesn't count. */
async function rates(
  turns: number,
  calls: number,
  sides: readonly [(index: number) => Promise<unknown>, (index: number) => Promise<unknown>],
): Promise<[number, number]> {
  const measured: [number[], number[]] = [[], []];
  for (let turn = 0; turn <= turns; turn += 1)
    for (const [side, ask] of sides.entries()) {
      const items = Array.from({ length: calls }, (_, index) => (turn * sides.length + side) * calls + index);
      const rate = await perSecond(items, IN_FLIGHT, ask);
      if (turn > 0) measured[side]?.push(rate);
    }
  return [harmonicMean(measured[0]), harmonicMean(measured[1])];
}

/** A day that nobody has asked for yet: its answer can't be in memory. */
const dayOf = (index: number): string =>
  new Date(Date.UTC(2100, 0, 1) + index * 86_400_000).toISOString().slice(0, 10);

export async function reads(load: Load, quick: boolean): Promise<Figure[]> {
  const turns = quick ? 2 : 4;
  const { url, tokens } = load.gateways.find(({ memberId }) => memberId === READER)!;
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  const rest = (path: string) => fetched(agent, `${url}/api/v1${path}`, tokens.auditor);
  const route = spawn(process.execPath, [BARE_ROUTE], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(route, 'close');
  try {
    route.stdin.end(await rest('/members'));
    const [port] = (await once(route.stdout, 'data')) as [Buffer];
    const bareUrl = `http://127.0.0.1:${port.toString().trim()}/`;
    const [cached, bare] = await rates(turns, 3_000, [() => rest('/members'), () => fetched(agent, bareUrl)]);
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
    route.kill();
    await ended;
  }
}

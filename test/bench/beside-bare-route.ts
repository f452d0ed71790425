/** Requests of a client that costs little itself, taking turns with the same bytes from one bare Express route. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Agent, get } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { harmonicMean, perSecond } from './measure.js';

export const IN_FLIGHT = 16;
const BARE_ROUTE = fileURLToPath(new URL('./bare-route.js', import.meta.url));

/** One request. @throws {Error} for whatever isn't 200. */
export async function fetched(agent: Agent, url: string, token?: string): Promise<Buffer> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const request = get(url, { agent, headers });
  const [response] = (await once(request, 'response')) as [
    Parameters<typeof buffer>[0] & { statusCode: number },
  ];
  const bytes = await buffer(response);
  if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode}`);
  return bytes;
}

type Ask = (index: number) => Promise<unknown>;

/** Rates of both sides, which take turns; the first turn of each doesn't count. */
export async function rates(
  turns: number,
  calls: number,
  sides: readonly [Ask, Ask],
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

/** Does something with the address of a bare route that answers these bytes. */
export async function withBareRoute<T>(bytes: Buffer, work: (url: string) => Promise<T>): Promise<T> {
  const route = spawn(process.execPath, [BARE_ROUTE], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(route, 'close');
  try {
    route.stdin.end(bytes);
    const [port] = (await once(route.stdout, 'data')) as [Buffer];
    return await work(`http://127.0.0.1:${port.toString().trim()}/`);
  } finally {
    route.kill();
    await ended;
  }
}

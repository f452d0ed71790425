/** The public feed beside one bare Express route that answers the same bytes. */
import { Agent } from 'node:http';
import { call } from 'umlauf-network';
import { IN_FLIGHT, fetched, rates, withBareRoute } from './beside-bare-route.js';
import type { Load } from './load.js';
import type { Figure } from './measure.js';

const BOARD_HOLDING = 'bundesdruckerei';
const ANNOUNCEMENTS = 20;
/** A page of the feed has so many entries, each about as long as a press release. */
const TEXT = 'Die Genossenschaft gibt bekannt, was ihre Mitglieder gemeinsam beschlossen haben. '.repeat(10);
/** Fewer than a gateway answers an address in a minute. */
const REQUESTS_OF_AN_ADDRESS = 5_000;

export async function publicFeed(load: Load, quick: boolean): Promise<Figure[]> {
  const gateway = load.gateways.find(({ memberId }) => memberId === BOARD_HOLDING)!;
  for (let index = 0; index < ANNOUNCEMENTS; index += 1) {
    const id = `bench-${index}`;
    const body = { id, title: { de: `Bekanntmachung ${index}` }, text: { de: TEXT } };
    await call(gateway, 'board', 'POST', '/announcements', { body });
    await call(gateway, 'board', 'POST', `/announcements/${id}/release`);
  }
  const agents: Agent[] = [];
  const agentOf = (index: number): Agent => {
    const place = Math.floor(index / REQUESTS_OF_AN_ADDRESS);
    agents[place] ??= new Agent({
      keepAlive: true,
      maxSockets: IN_FLIGHT,
      localAddress: `127.0.1.${place + 1}`,
    });
    return agents[place];
  };
  const feed = (index: number) => fetched(agentOf(index), `${gateway.url}/public/announcements`);
  try {
    const [asked, bare] = await withBareRoute(await feed(0), (bareUrl) =>
      rates(quick ? 2 : 4, 3_000, [feed, (index) => fetched(agentOf(index), bareUrl)]),
    );
    return [
      { name: `public feed, ${IN_FLIGHT} in flight`, value: asked, unit: 'reads/s' },
      { name: `the same bytes, ${IN_FLIGHT} in flight, bare Express route`, value: bare, unit: 'reads/s' },
      {
        name: 'public feed ÷ bare Express route',
        value: asked / bare,
        unit: '',
        target: { atLeast: 0.5 },
      },
    ];
  } finally {
    for (const agent of agents) agent.destroy();
  }
}

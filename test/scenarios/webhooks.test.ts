/**
 * Events by webhook and by stream from a gateway's own process that is killed while it delivers: nothing is lost, the order
 * of each resource is kept, and a stream goes on where it was.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { call } from 'umlauf-network';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adopt } from '../harness/adoption.js';
import { startConsortium, type TestConsortium } from '../harness/consortium.js';
import { EventSource, type ToldEvent } from '../harness/events.js';
import { GatewayProcess } from '../harness/gateway-process.js';
import { inline } from '../harness/inline-command.js';
import { until } from '../harness/until.js';

const MEMBER = 'itdz-berlin';
const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const RESOLUTIONS = 8;
/** A gateway is killed after so many resolutions. */
const KILLED_AFTER = [1, 3, 6];

let consortium: TestConsortium;
let gateway: GatewayProcess | undefined;
let receiver: Server;
/** What was received and accepted. */
const received: ToldEvent[] = [];
let deliveries = 0;

/** As a receiver verifies (Standard Webhooks). */
function isSigned(headers: NodeJS.Dict<string | string[]>, body: string): boolean {
  const [id, timestamp, signature] = ['id', 'timestamp', 'signature'].map((name) =>
    String(headers[`webhook-${name}`]),
  );
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return signature === `v1,${expected}` && Math.abs(Date.now() / 1_000 - Number(timestamp)) < 300;
}

beforeAll(async () => {
  consortium = await startConsortium();
  receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.once('end', () => {
      deliveries += 1;
      const event = JSON.parse(body) as ToldEvent;
      const isOurs = isSigned(request.headers, body) && request.headers['webhook-id'] === event.id;
      // Every seventh is refused: it has to come again.
      const status = !isOurs ? 401 : deliveries % 7 === 0 ? 503 : 204;
      if (status === 204) received.push(event);
      response.writeHead(status).end();
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  writeFileSync(join(consortium.directory, 'gateways', MEMBER, 'receiver.secret'), SECRET);
  gateway = await GatewayProcess.start(consortium, consortium.gateway(MEMBER), {
    settings: {
      webhooks: [
        {
          id: 'receiver',
          url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`,
          secrets: ['receiver.secret'],
          from: 0,
          allowedNetworks: ['127.0.0.1'],
        },
        // Where nobody listens.
        {
          ...{ id: 'nobody', url: 'http://127.0.0.1:1/hook', secrets: ['receiver.secret'], from: 0 },
          ...{ allowedNetworks: ['127.0.0.1'], attempts: 1, types: ['resolution.decided'] },
        },
      ],
    },
  });
});
afterAll(async () => {
  const code = await gateway?.stop();
  receiver.closeAllConnections();
  receiver.close();
  await consortium.stop();
  expect(code).toBe(0);
});

it('tells every event, in the order of each resource, across kill -9', async () => {
  const own = gateway!;
  let stream = await EventSource.open(own.access, '?from=0');
  const streamed: ToldEvent[] = [];
  for (let index = 0; index < RESOLUTIONS; index += 1) {
    const votes = adopt(consortium, `told-${index}`);
    if (KILLED_AFTER.includes(index)) {
      const before = stream;
      await own.kill();
      await until('the stream has ended', () => before.ended || undefined);
      streamed.push(...before.events);
      stream = await EventSource.open(own.access, '', before.lastId);
    }
    await votes;
  }
  const whole = await EventSource.open(consortium.gateway('bundesdruckerei'), '?from=0');
  for (let index = 0; index < RESOLUTIONS; index += 1)
    for (const source of [whole, stream])
      await until(`the decision on told-${index}`, () =>
        [...streamed, ...source.events].some(
          ({ type, subject }) =>
            type === 'umlauf.v1.resolution.decided' && subject === `resolutions/told-${index}`,
        ),
      );
  const facts = [...whole.events];
  const read = [...streamed, ...stream.events];
  expect(read.slice(0, facts.length)).toEqual(facts.slice(0, read.length));

  await until(
    'every event has arrived',
    () => facts.every(({ id }) => received.some((event) => event.id === id)) || undefined,
    { timeoutMilliseconds: 60_000 },
  );
  for (const subject of new Set(facts.map((event) => event.subject))) {
    const about = received.filter((event) => event.subject === subject);
    const firsts = about.filter(({ id }, index) => about.findIndex((other) => other.id === id) === index);
    const told = facts.filter((event) => event.subject === subject);
    expect(firsts.slice(0, told.length)).toEqual(told);
  }
  const { body } = await call<{ items: object[] }>(own.access, 'board', 'GET', '/webhooks');
  expect(body.items).toMatchObject([{ id: 'receiver' }, { id: 'nobody' }]);
  for (const source of [whole, stream]) source.close();
}, 180_000);

it('lists what it gave up, and delivers it again, at the command line', async () => {
  const { url, tokens } = gateway!.access;
  const webhook = async <T>(...args: string[]): Promise<T> => {
    const { code, stdout } = await inline(
      'webhook',
      ...args,
      '--gateway',
      url,
      '--token',
      tokens.board,
      '--json',
    );
    expect(code).toBe(0);
    return JSON.parse(stdout) as T;
  };
  const letters = await until('dead letters', async () => {
    const found = await webhook<{ id: string; attempts: number }[]>('dead-letters', 'nobody');
    return found.length === RESOLUTIONS ? found : undefined;
  });
  expect(letters.map(({ attempts }) => attempts)).toEqual(letters.map(() => 1));
  const [first = { id: '' }] = letters;
  expect(await webhook('replay', 'nobody', first.id)).toEqual({ replayed: [first.id] });
  await until('it is given up again', async () =>
    (await webhook<object[]>('dead-letters', 'nobody')).length === RESOLUTIONS ? true : undefined,
  );
  const all = await webhook<{ replayed: string[] }>('replay', 'nobody');
  expect(all.replayed.sort()).toEqual(letters.map(({ id }) => id).sort());
  const unknown = await inline('webhook', 'dead-letters', 'other', '--gateway', url, '--token', tokens.board);
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toMatch(/^umlauf: not-found: .*resource webhook/);
});

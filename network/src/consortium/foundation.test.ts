import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { problemType, type FoundationInput, type ProblemCode } from 'umlauf-chaincode/api';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { GatewayAccess } from '../rest.js';
import { foundTogether } from './foundation.js';

const FOUNDATION = { members: [{ id: 'b', mspId: 'BMSP' }], bylaws: {} } as unknown as FoundationInput;

let server: Server;
let gateway: GatewayAccess;
/** What the next writes are answered with, instead of success. */
let problems: (ProblemCode | undefined)[];
let asked: string[];
beforeEach(async () => {
  problems = [];
  asked = [];
  server = createServer((request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const foundation = { id: 'f', status: 'held', confirmations: [], missing: [] };
    const isRead = request.method === 'GET';
    const problem = isRead ? undefined : problems.shift();
    if (!isRead) asked.push(request.url ?? '');
    if (problem) answer(503, { type: problemType(problem), title: 'Not yet', mspId: 'BMSP' });
    else answer(200, isRead ? { items: [foundation] } : foundation);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const tokens = { board: 'a', clerk: 'b', auditor: 'c' };
  gateway = { memberId: 'a', mspId: 'AMSP', url: `http://127.0.0.1:${port}`, tokens } as never;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

async function found(): Promise<string[]> {
  const told: string[] = [];
  const waits = (text: string) => void told.push(text);
  await foundTogether([gateway], FOUNDATION, () => undefined, { waits, lookMs: 1 });
  return told;
}

it('waits for peers elsewhere that are still coming up, submitting and confirming', async () => {
  problems = ['peer-unavailable', undefined, 'endorsement-failed'];
  const waits = "enough members' peers to endorse the foundation: Not yet";
  expect(await found()).toEqual([waits, waits]);
  const [submit, confirm] = ['/api/v1/foundations', '/api/v1/foundations/f/confirm'];
  expect(asked).toEqual([submit, submit, confirm, confirm]);
});

it('waits for founders that have not approved the chaincode, and for nothing else', async () => {
  problems = ['member-not-on-network'];
  expect(await found()).toEqual(['b to approve the chaincode: the foundation needs all founders']);
  problems = ['unchanged'];
  await expect(found()).rejects.toMatchObject({ name: 'RestProblem', status: 503 });
});

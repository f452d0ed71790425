import type { Transaction } from '@hyperledger/fabric-gateway';
import type { Ballot, Resolution } from 'umlauf-chaincode/api';
import { call } from 'umlauf-network';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bareClient } from '../harness/client.js';
import { recordOnly, startConsortium, type TestConsortium } from '../harness/consortium.js';
import { until } from '../harness/until.js';
import { verified } from '../harness/verified.js';

const VALID = 0;
const CHAIR = 'bundesdruckerei';
const PROPOSER = 'municipal-provider-1';
const VICTIM = 'municipal-provider-2';
const SECOND = 1_000;
const VOTING = 9 * SECOND;
const NOTICE = 2 * SECOND;
/** Longer than twice the skew, which explains so much. */
const HELD = 6.5 * SECOND;

let consortium: TestConsortium;
beforeAll(async () => {
  consortium = await startConsortium({
    describe: (description) => {
      const { bylaws } = description;
      const circular = { ...bylaws.forms.circular!, noticePeriod: `PT${NOTICE / SECOND}S` };
      return { ...description, bylaws: { ...bylaws, forms: { ...bylaws.forms, circular } } };
    },
  });
});
afterAll(async () => await consortium.stop());

const resolution = async (id: string) =>
  (await call<Resolution>(consortium.gateway(VICTIM), 'auditor', 'GET', `/resolutions/${id}`)).body;

/** Endorsed for a member's board, and kept from the others until it is submitted. */
async function held(memberId: string, name: string, input: object) {
  const client = await bareClient(consortium, memberId, 'board');
  const transaction: Transaction = await client.contract
    .newProposal(name, { arguments: [JSON.stringify(input)] })
    .endorse();
  const heldUntil = Date.now() + HELD;
  return async (): Promise<{ code: number; at: number }> => {
    await until('it has been held back for long', () => Date.now() > heldUntil);
    try {
      return { code: (await (await transaction.submit()).getStatus()).code, at: Date.now() };
    } finally {
      client.close();
    }
  };
}

const refusalOf = (method: 'POST', path: string): Promise<unknown> =>
  call(consortium.gateway(CHAIR), 'board', method, path).then(
    () => 'not refused',
    (error: unknown) => (error as { problem?: { type?: string } }).problem?.type,
  );

it('a proposal and an opening that were held back leave everybody the whole notice and voting period', async () => {
  const votingPeriod = `PT${VOTING / SECOND}S`;
  const proposed = recordOnly('held-proposal', { votingPeriod });
  const submitProposal = await held(PROPOSER, 'resolutions:propose', proposed);
  await call(consortium.gateway(CHAIR), 'board', 'POST', '/resolutions', {
    body: recordOnly('held-opening', { votingPeriod }),
  });
  const announced = await until(
    'the notice runs',
    async () => (await resolution('held-opening')).proposalReceipt,
  );
  await until('the notice has run', () => Date.now() > Date.parse(announced.opensFrom));
  const submitOpening = await held(CHAIR, 'resolutions:open', { id: 'held-opening' });

  const proposal = await submitProposal();
  expect(proposal.code).toBe(VALID);
  expect(await refusalOf('POST', '/resolutions/held-proposal/open')).toMatch(
    /^urn:umlauf:problem:(not-received|notice-running)$/,
  );
  const received = await until('the proposal is received', async () =>
    (await resolution('held-proposal')).receivedAt === undefined ? undefined : resolution('held-proposal'),
  );
  expect(Date.parse(received.proposal.opensFrom)).toBeLessThan(proposal.at);
  expect(Date.parse(received.proposalReceipt!.opensFrom)).toBe(Date.parse(received.receivedAt!) + NOTICE);

  const opening = await submitOpening();
  expect(opening.code).toBe(VALID);
  const { opening: pinned, deadline } = await until('the opening is received', async () => {
    const current = await resolution('held-opening');
    return current.receivedAt === undefined || current.status !== 'open' ? undefined : current;
  });
  expect(Date.parse(deadline!)).toBeGreaterThan(opening.at + VOTING - 3 * SECOND);
  await until('the deadline has passed that was held back', () => Date.now() > Date.parse(pinned!.deadline));
  const { body } = await call<Ballot>(
    consortium.gateway(VICTIM),
    'representative',
    'PUT',
    '/resolutions/held-opening/ballot',
    { body: { choice: 'no' } },
  );
  expect(body).toMatchObject({ status: 'cast', choice: 'no' });
  expect(await refusalOf('POST', '/resolutions/held-opening/decide')).toBe(
    'urn:umlauf:problem:not-decidable',
  );
  expect((await resolution('held-opening')).risks.map(({ code }) => code)).toContain('received-late');
});

it('whoever verifies the ledger finds that the periods were kept', async () => {
  expect(await verified(consortium)).toEqual({ exit: 0, findings: [] });
});

import type { Ballot, Resolution } from 'umlauf-chaincode/api';
import { all, call, RestProblem, type GatewayAccess } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareClient, endorsersOf } from '../harness/client.js';
import { recordOnly, SHORTEST_VOTING, startConsortium, type TestConsortium } from '../harness/consortium.js';
import { until } from '../harness/until.js';

const MVCC_READ_CONFLICT = 11;

let consortium: TestConsortium;
beforeAll(async () => {
  consortium = await startConsortium({
    describe: (description) => ({
      ...description,
      bylaws: {
        ...description.bylaws,
        matters: {
          ...description.bylaws.matters,
          election: { ...description.bylaws.matters.election, ballotsChangeable: true },
        },
      },
    }),
  });
});
afterAll(async () => await consortium.stop());

async function open(
  id: string,
  changes: Parameters<typeof recordOnly>[1] = {},
): Promise<{ id: string; block: string | undefined }> {
  const chair = consortium.gateway('bundesdruckerei');
  await call(chair, 'board', 'POST', '/resolutions', { body: recordOnly(id, changes) });
  const { blockNumber } = await call<Resolution>(chair, 'board', 'POST', `/resolutions/${id}/open`);
  return { id, block: blockNumber };
}

const vote = (gateway: GatewayAccess, id: string, body: object, minBlock?: string) =>
  call<Ballot>(gateway, 'representative', 'PUT', `/resolutions/${id}/ballot`, { body, minBlock });

const resolution = async (id: string) =>
  (await call<Resolution>(consortium.gateways[0]!, 'auditor', 'GET', `/resolutions/${id}`)).body;

const decided = (id: string) =>
  until(`${id} is decided`, async () => {
    const current = await resolution(id);
    return current.status === 'open' ? undefined : current;
  });

describe('votes', () => {
  it('that nobody casts let the resolution not be decided before the deadline', async () => {
    const { id } = await open('silent', { votingPeriod: SHORTEST_VOTING });
    await expect(
      call(consortium.gateways[0]!, 'board', 'POST', `/resolutions/${id}/decide`),
    ).rejects.toMatchObject({ problem: { type: 'urn:umlauf:problem:not-decidable' } });
  });

  it('of all members at once never conflict, on many resolutions at once', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `at-once-${index}`);
    const opened = await Promise.all(ids.map((id) => open(id, { majority: 'unanimous' })));
    const ballots = await Promise.all(
      opened.flatMap(({ id, block }) =>
        consortium.gateways.map((gateway) => vote(gateway, id, { choice: 'yes' }, block)),
      ),
    );
    expect(new Set(ballots.map(({ transactionId }) => transactionId)).size).toBe(
      ids.length * consortium.gateways.length,
    );
    for (const id of ids) {
      const { status, decision } = await decided(id);
      expect(status).toBe('adopted');
      const counted = decision?.ballots.map(({ transactionId }) => transactionId) ?? [];
      const acknowledged = ballots.map(({ transactionId }) => transactionId);
      expect(counted.every((transactionId) => acknowledged.includes(transactionId))).toBe(true);
      expect(counted).toHaveLength(consortium.gateways.length);
    }
  });

  it('cast again with the same content are answered without a new transaction', async () => {
    const { id, block } = await open('repeated');
    const [gateway] = consortium.gateways;
    const first = await vote(gateway!, id, { choice: 'abstain' }, block);
    const again = await vote(gateway!, id, { choice: 'abstain' });
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject(first.body);
    expect(again.transactionId).toBe(first.transactionId);
    await expect(vote(gateway!, id, { choice: 'no' })).rejects.toMatchObject({
      status: 409,
      problem: { type: 'urn:umlauf:problem:ballot-already-cast' },
    });
  });

  it('may be changed until the deadline where the bylaws say so', async () => {
    const { id, block } = await open('changeable', { matter: 'election' });
    const [gateway] = consortium.gateways;
    await vote(gateway!, id, { choice: 'no' }, block);
    await vote(gateway!, id, { choice: 'yes' });
    const [ballot] = (await all<Ballot>(gateway!, 'auditor', `/resolutions/${id}/ballots`)).filter(
      ({ status }) => status === 'cast',
    );
    expect(ballot).toMatchObject({ memberId: gateway!.memberId, choice: 'yes' });
    expect(await resolution(id)).toMatchObject({ status: 'open', decidable: false });
  });
});

describe('a vote that was endorsed and held back', () => {
  const hold = async (memberId: string, id: string, choice: string) => {
    const client = await bareClient(consortium, memberId, 'representative');
    const proposal = client.contract.newProposal('resolutions:vote', {
      arguments: [JSON.stringify({ id, choice })],
      endorsingOrganizations: endorsersOf(
        (await resolution(id)).opening!,
        consortium.gateway(memberId).mspId,
      ),
    });
    const transaction = await proposal.endorse();
    return {
      async submit() {
        try {
          const commit = await transaction.submit();
          return (await commit.getStatus()).code as number;
        } finally {
          client.close();
        }
      },
    };
  };

  it('is invalid after the decision', async () => {
    const { id, block } = await open('held-back');
    await call(consortium.gateway('municipal-provider-2'), 'auditor', 'GET', `/resolutions/${id}`, {
      minBlock: block,
    });
    const held = await hold('municipal-provider-2', id, 'no');
    for (const gateway of consortium.gateways.slice(0, 3)) await vote(gateway, id, { choice: 'yes' }, block);
    const before = await decided(id);
    expect(before).toMatchObject({ status: 'adopted', tally: { yes: 3, notCast: 1 } });
    expect(await held.submit()).toBe(MVCC_READ_CONFLICT);
    expect(await resolution(id)).toEqual(before);
  });

  it('is invalid beside another held vote of the same member', async () => {
    const { id, block } = await open('held-twice');
    await call(consortium.gateway('itdz-berlin'), 'auditor', 'GET', `/resolutions/${id}`, {
      minBlock: block,
    });
    const yes = await hold('itdz-berlin', id, 'yes');
    const no = await hold('itdz-berlin', id, 'no');
    expect(await yes.submit()).toBe(0);
    expect(await no.submit()).toBe(MVCC_READ_CONFLICT);
    const ballots = await all<Ballot>(
      consortium.gateway('itdz-berlin'),
      'auditor',
      `/resolutions/${id}/ballots`,
    );
    expect(ballots.filter(({ status }) => status === 'cast')).toMatchObject([
      { memberId: 'itdz-berlin', choice: 'yes' },
    ]);
  });
});

describe('a race to decide', () => {
  it('by all gateways at once ends in one decision and success for all', async () => {
    const { id, block } = await open('race');
    for (const gateway of consortium.gateways.slice(0, 3)) await vote(gateway, id, { choice: 'yes' }, block);
    const answers = await Promise.all(
      consortium.gateways.map((gateway) =>
        call<Resolution>(gateway, 'representative', 'POST', `/resolutions/${id}/decide`),
      ),
    );
    expect(new Set(answers.map(({ body }) => body.decision?.recorded.transactionId)).size).toBe(1);
  });

  it('against members that change their votes without pause loses no acknowledged vote', async () => {
    const { id, block } = await open('restless', { matter: 'election', votingPeriod: SHORTEST_VOTING });
    const acknowledged = new Map<string, string>();
    let voting = true;
    const voters = consortium.gateways.map(async (gateway, index) => {
      for (let round = index; voting; round++) {
        try {
          const choice = round % 2 === 0 ? 'yes' : 'no';
          const { body } = await vote(gateway, id, { choice }, block);
          acknowledged.set(gateway.memberId, `${body.choice ?? ''} ${body.transactionId ?? ''}`);
        } catch (error) {
          if (!(error instanceof RestProblem) || error.status !== 409) throw error;
        }
      }
    });
    const deciders = consortium.gateways.map(async (gateway) => {
      while (voting) await call(gateway, 'board', 'POST', `/resolutions/${id}/decide`).catch(() => undefined);
    });
    const [final] = await Promise.all([decided(id).finally(() => (voting = false)), ...voters, ...deciders]);
    const counted = new Map(
      final.decision!.ballots.map((ballot) => [ballot.memberId, `${ballot.choice} ${ballot.transactionId}`]),
    );
    expect(counted).toEqual(acknowledged);
  });
});

describe('a voting period', () => {
  // Opened before all else, so that it passes meanwhile.
  it('that nobody voted in lets the resolution be decided', async () => {
    const { status, decision } = await decided('silent');
    expect({ status, reason: decision?.reason }).toEqual({ status: 'rejected', reason: 'no-vote-cast' });
  });

  it('that is over lets nobody vote any more', async () => {
    const { id, block } = await open('too-late', { votingPeriod: SHORTEST_VOTING });
    // A twentieth of so short a period is over before anybody can have received it: the whole runs from the receipt.
    await until('the deadline has passed', async () => {
      const { receivedAt, deadline } = await resolution(id);
      return receivedAt !== undefined && Date.now() > Date.parse(deadline!);
    });
    await expect(vote(consortium.gateways[0]!, id, { choice: 'yes' }, block)).rejects.toMatchObject({
      problem: { type: 'urn:umlauf:problem:voting-closed' },
    });
  });
});

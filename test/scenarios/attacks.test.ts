import { EndorseError, type Transaction } from '@hyperledger/fabric-gateway';
import { ledger } from '@hyperledger/fabric-protos';
import { keys, rules, type Ballot, type Resolution, type ResolutionRecord } from 'umlauf-chaincode/api';
import {
  createAuthority,
  createSigner,
  issueCertificate,
  type Authority,
  type KeyPair,
} from 'umlauf-channel';
import { all, call } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareClient, clientWith, endorsersOf, type BareClient } from '../harness/client.js';
import { recordOnly, startConsortium, type TestConsortium } from '../harness/consortium.js';
import { endorsedInLeague, proposedAt } from '../harness/forgery.js';
import { until } from '../harness/until.js';
import { verified } from '../harness/verified.js';

const { KVWrite } = ledger.rwset.kvrwset;
type KVRWSet = ledger.rwset.kvrwset.KVRWSet;

const VALID = 0;
const ENDORSEMENT_POLICY_FAILURE = 10;
const ATTACKER = 'municipal-provider-1';
const VICTIM = 'municipal-provider-2';
const OTHERS = ['bundesdruckerei', 'itdz-berlin', ATTACKER];
const NRW = 'north-rhine-westphalia';

let consortium: TestConsortium;
beforeAll(async () => (consortium = await startConsortium()));
afterAll(async () => await consortium.stop());

const organization = async (memberId: string) => (await consortium.organization(memberId)).material;

/** Opens a resolution, and waits until every member's peer has it. */
async function open(id: string): Promise<Resolution> {
  const chair = consortium.gateway('bundesdruckerei');
  await call(chair, 'board', 'POST', '/resolutions', { body: recordOnly(id) });
  const { body, blockNumber } = await call<Resolution>(chair, 'board', 'POST', `/resolutions/${id}/open`);
  for (const gateway of consortium.gateways)
    await call(gateway, 'auditor', 'GET', `/resolutions/${id}`, { minBlock: blockNumber });
  return body;
}

const castBallots = async (id: string) =>
  (await all<Ballot>(consortium.gateway(VICTIM), 'auditor', `/resolutions/${id}/ballots`)).filter(
    ({ status }) => status === 'cast',
  );

/** A vote for the attacker's own member, ready to be sent. */
const vote = (client: BareClient, { id, opening }: Resolution, mspId: string) =>
  client.contract.newProposal('resolutions:vote', {
    arguments: [JSON.stringify({ id, choice: 'yes' })],
    endorsingOrganizations: endorsersOf(opening!, mspId),
  });

async function commitCode(transaction: Transaction): Promise<number> {
  return (await (await transaction.submit()).getStatus()).code;
}

describe('peers in league', () => {
  /** The attacker's own vote, with what the peers in league make of it. */
  async function submitInLeague(
    id: string,
    league: readonly string[],
    change: (set: KVRWSet) => void,
  ): Promise<number> {
    const client = await bareClient(consortium, ATTACKER, 'representative');
    try {
      const resolution = (
        await call<Resolution>(consortium.gateway(ATTACKER), 'auditor', 'GET', `/resolutions/${id}`)
      ).body;
      const honest = await vote(client, resolution, consortium.gateway(ATTACKER).mspId).endorse();
      const endorsers = await Promise.all(
        league.map(async (memberId) => {
          const { peer, mspId } = await organization(memberId);
          return createSigner(peer.signing, mspId);
        }),
      );
      const { chaincode } = consortium.description;
      return await commitCode(endorsedInLeague(client.gateway, honest, endorsers, chaincode, change));
    } finally {
      client.close();
    }
  }

  const asVictim = (id: string) => (set: KVRWSet) => {
    const own = rules.compositeKey(keys.ballot(id, ATTACKER));
    const foreign = rules.compositeKey(keys.ballot(id, VICTIM));
    for (const item of [...set.getReadsList(), ...set.getWritesList()])
      if (item.getKey() === own) item.setKey(foreign);
    for (const write of set.getWritesList())
      write.setValue(Buffer.from(Buffer.from(write.getValue_asU8()).toString().replace(ATTACKER, VICTIM)));
  };

  it("of three organizations can't write the fourth's ballot", async () => {
    await open('foreign-ballot');
    expect(await submitInLeague('foreign-ballot', OTHERS, asVictim('foreign-ballot'))).toBe(
      ENDORSEMENT_POLICY_FAILURE,
    );
    expect(await castBallots('foreign-ballot')).toEqual([]);
  });

  it("can, once the fourth's peer is among them: only its own part stands in the way", async () => {
    await open('own-peer-too');
    expect(await submitInLeague('own-peer-too', [...OTHERS, VICTIM], asVictim('own-peer-too'))).toBe(VALID);
    const cast = await until('the ballot is there', async () => {
      const ballots = await castBallots('own-peer-too');
      return ballots.length > 0 ? ballots : undefined;
    });
    expect(cast).toMatchObject([{ memberId: VICTIM, choice: 'yes' }]);
  });

  it('are named by whoever verifies the ledger', async () => {
    const { exit, findings } = await verified(consortium);
    expect(exit).toBe(1);
    expect(findings.map(({ check }) => check)).toContain('ballot');
  });

  it("that are one can't get a decision through", async () => {
    const { id } = await open('decided-alone');
    const resolution = async () =>
      (await call<Resolution>(consortium.gateway(VICTIM), 'auditor', 'GET', `/resolutions/${id}`)).body;
    const before = await until('it is received', async () => {
      const current = await resolution();
      return current.receivedAt === undefined ? undefined : current;
    });
    const code = await submitInLeague(id, [ATTACKER], (set) => {
      const write = new KVWrite();
      write.setKey(rules.compositeKey(keys.resolution(id)));
      const record = { id, decision: { outcome: 'adopted' } } as unknown as ResolutionRecord;
      write.setValue(Buffer.from(rules.canonicalJson(record)));
      set.setWritesList([write]);
    });
    expect(code).toBe(ENDORSEMENT_POLICY_FAILURE);
    expect(await resolution()).toEqual(before);
  });
});

describe('a certificate', () => {
  const validity = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) };
  const issue = (authority: Authority, attributes: Record<string, string>, units: string[] = []) =>
    issueCertificate(authority, {
      commonName: 'someone',
      organizationalUnits: ['client', ...units],
      organization: 'umlauf.example',
      use: { kind: 'signing', attributes },
      validity,
    });
  const refusal = async (id: string, keyPair: KeyPair) => {
    const client = clientWith(consortium, ATTACKER, keyPair);
    try {
      const resolution = await open(id);
      const { mspId } = consortium.gateway(ATTACKER);
      const refused: unknown = await vote(client, resolution, mspId)
        .endorse()
        .catch((error: unknown) => error);
      expect(await castBallots(id)).toEqual([]);
      return refused;
    } finally {
      client.close();
    }
  };
  /** Every endorser refuses it, with this code of the contract. */
  const expectRefused = (refused: unknown, code: string) => {
    expect(refused).toBeInstanceOf(EndorseError);
    const { details } = refused as EndorseError;
    expect(details.length).toBeGreaterThan(0);
    for (const { message } of details) expect(message).toContain(`"${code}"`);
  };

  it("without the role can't vote, whoever issued it", async () => {
    const { ca, admin, users } = await organization(ATTACKER);
    const roleless = await issue(ca, {});
    for (const [name, keyPair] of Object.entries({
      roleless,
      admin,
      board: users['board']!,
      auditor: users['auditor']!,
    }))
      expectRefused(await refusal(`by-${name}`, keyPair), 'role-not-allowed');
  });

  it("with two roles can't vote", async () => {
    const { ca } = await organization(ATTACKER);
    const both = await issue(ca, {}, ['representative', 'board']);
    expectRefused(await refusal('by-both', both), 'ambiguous-role');
  });

  it("of another authority under the member's name can't vote", async () => {
    const forged = await createAuthority('ca.umlauf.example', 'umlauf.example', validity);
    const refused = await refusal('by-forger', await issue(forged, { 'umlauf.role': 'representative' }));
    expect(refused).toBeInstanceOf(EndorseError);
    // The peer doesn't tell a stranger why: the contract, which answers with a code of its own, was never asked.
    expect(JSON.stringify((refused as EndorseError).details)).not.toContain('"code');
  });
});

describe("a timestamp off the peers' clocks", () => {
  it.each([
    ['stale', -10_000],
    ['of the future', 10_000],
  ])('is refused: %s', async (name, offset) => {
    const resolution = await open(`timestamp-${name.replaceAll(' ', '-')}`);
    const client = await bareClient(consortium, ATTACKER, 'representative');
    try {
      const honest = vote(client, resolution, consortium.gateway(ATTACKER).mspId);
      const forged = proposedAt(client.gateway, honest, new Date(Date.now() + offset));
      await expect(forged.endorse()).rejects.toMatchObject({ name: 'EndorseError' });
      expect(await castBallots(resolution.id)).toEqual([]);
      expect(await commitCode(await honest.endorse())).toBe(VALID);
    } finally {
      client.close();
    }
  });
});

describe("a user at another member's gateway", () => {
  it('gets nothing', async () => {
    const { id } = await open('wrong-gateway');
    const { url } = consortium.gateway(VICTIM);
    const stranger = { ...consortium.gateway(ATTACKER), url };
    for (const path of [
      '/members',
      '/resolutions',
      `/resolutions/${id}`,
      `/resolutions/${id}/ballots`,
      '/bylaws',
      '/open-points',
    ])
      await expect(call(stranger, 'auditor', 'GET', path)).rejects.toMatchObject({
        status: 401,
        problem: { type: 'urn:umlauf:problem:unauthenticated' },
      });
    await expect(
      call(stranger, 'representative', 'PUT', `/resolutions/${id}/ballot`, { body: { choice: 'no' } }),
    ).rejects.toMatchObject({ status: 401 });
    await expect(
      call(stranger, 'board', 'POST', '/resolutions', { body: recordOnly('by-a-stranger') }),
    ).rejects.toMatchObject({ status: 401 });
    expect(await castBallots(id)).toEqual([]);
  });
});

describe('an organization with other roots than were admitted', () => {
  it('is not added to the channel, and raises an alarm', async () => {
    const board = consortium.gateway('itdz-berlin');
    const application = consortium.application(NRW);
    const other = consortium.application('bavaria').mspFingerprints;
    await call(board, 'board', 'POST', '/members', { body: { ...application, mspFingerprints: other } });
    await call(board, 'board', 'POST', '/resolutions', {
      body: recordOnly('other-roots', {
        matter: 'admission',
        effects: [{ kind: 'admit', memberId: NRW }],
      }),
    });
    const { blockNumber } = await call(board, 'board', 'POST', '/resolutions/other-roots/open');
    for (const gateway of consortium.gateways)
      await call(gateway, 'representative', 'PUT', '/resolutions/other-roots/ballot', {
        body: { choice: 'yes' },
        minBlock: blockNumber,
      });
    const alarm = await until('the alarm', () => consortium.alarms.find((text) => text.includes(NRW)));
    expect(alarm).toContain('other keys');
    expect(consortium.gateways.map(({ memberId }) => memberId)).not.toContain(NRW);
  });
});

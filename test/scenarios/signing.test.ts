/** Acts signed by a key that no gateway has: prepared, endorsed and submitted through REST. */
import type { KeyPair } from 'umlauf-channel';
import { createClient, privateKeyFromPem, signWith, type ActSigner, type Client } from 'umlauf-client';
import type { Resolution } from 'umlauf-chaincode/api';
import { call, type TokenRole } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordOnly, startConsortium, type TestConsortium } from '../harness/consortium.js';

let consortium: TestConsortium;
beforeAll(async () => {
  consortium = await startConsortium();
});
afterAll(async () => await consortium.stop());

async function open(id: string): Promise<void> {
  const chair = consortium.gateway('bundesdruckerei');
  await call(chair, 'board', 'POST', '/resolutions', { body: recordOnly(id) });
  await call<Resolution>(chair, 'board', 'POST', `/resolutions/${id}/open`);
}

/** A client of a member's gateway, and whoever signs beside it. */
async function office(memberId: string, role: TokenRole): Promise<{ client: Client; signer: ActSigner }> {
  const { url, tokens, mspId } = consortium.gateway(memberId);
  const { material } = await consortium.organization(memberId);
  const { certificate, privateKey }: KeyPair = material.users[role]!;
  const { channel, chaincode } = consortium.description;
  const sign = signWith(await privateKeyFromPem(privateKey));
  return {
    client: createClient({ url, token: tokens[role] }),
    signer: { channel, chaincode, mspId, certificate, sign },
  };
}

describe('a vote signed elsewhere', () => {
  it('counts, once, and shows its signer what it is', async () => {
    await open('elsewhere');
    const { client, signer } = await office('itdz-berlin', 'representative');
    const shown: string[] = [];
    const vote = await client.signed(
      'resolutions-vote',
      { id: 'elsewhere', choice: 'yes' },
      { ...signer, confirm: ({ text }) => shown.push(text) > 0 },
    );
    expect(vote).toMatchObject({ status: 200, body: { choice: 'yes' } });
    expect(shown[0]).toContain('choice: "yes"');
    expect(shown[1]).toMatch(/Writes .*elsewhere/);
    const { body } = await client.resolutions.ballots({ id: 'elsewhere' });
    expect(body.items.filter(({ status }) => status === 'cast')).toHaveLength(1);
  });
});

/** Acts signed by a key that no gateway has: prepared, endorsed and submitted through REST. */
import type { KeyPair } from 'umlauf-channel';
import { createClient, privateKeyFromPem, signWith, type ActSigner, type Client } from 'umlauf-client';
import type { Resolution } from 'umlauf-chaincode/api';
import { call, type TokenRole } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordOnly, startConsortium, type TestConsortium } from '../harness/consortium.js';
import { until } from '../harness/until.js';

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

const VOTE = 'resolutions-vote';
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const unbase64 = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'));
const refusedAs = (code: string) => ({ name: 'Problem', code });

/** The first step by hand, for those who don't go on as the client would. */
async function prepared(client: Client, id: string, choice: 'yes' | 'no', certificate: string) {
  const { body } = await client.transactions.prepare({
    method: 'PUT',
    path: `/api/v1/resolutions/${id}/ballot`,
    body: { choice },
    certificate,
  });
  return unbase64(body.proposal);
}

async function endorsed(client: Client, proposal: Uint8Array<ArrayBuffer>, { sign }: ActSigner) {
  const signature = base64(await sign(proposal));
  const { body } = await client.transactions.endorse({ proposal: base64(proposal), signature });
  return unbase64(body.transaction);
}

async function submission(transaction: Uint8Array<ArrayBuffer>, { sign }: ActSigner) {
  return { transaction: base64(transaction), signature: base64(await sign(transaction)) };
}

const castOf = async (client: Client, id: string) =>
  (await client.resolutions.ballots({ id })).body.items.filter(({ status }) => status === 'cast');

describe('a vote signed elsewhere', () => {
  it('counts, once, and shows its signer what it is', async () => {
    await open('elsewhere');
    const { client, signer } = await office('itdz-berlin', 'representative');
    const shown: string[] = [];
    const vote = await client.signed(
      VOTE,
      { id: 'elsewhere', choice: 'yes' },
      { ...signer, confirm: ({ text }) => shown.push(text) > 0 },
    );
    expect(vote).toMatchObject({ status: 200, body: { choice: 'yes' } });
    expect(shown[0]).toContain('choice: "yes"');
    expect(shown[1]).toMatch(/Writes .*elsewhere/);
    expect(await castOf(client, 'elsewhere')).toHaveLength(1);
    expect((await client.settled(vote.transactionId!)).status).toBe('valid');
    await expect(client.signed(VOTE, { id: 'elsewhere', choice: 'yes' }, signer)).rejects.toMatchObject(
      refusedAs('unchanged'),
    );
  });

  it('is the same when it is submitted again, at whichever time', async () => {
    await open('replayed');
    const { client, signer } = await office('itdz-berlin', 'representative');
    const proposal = await prepared(client, 'replayed', 'yes', signer.certificate);
    const signed = await submission(await endorsed(client, proposal, signer), signer);
    const [first, second] = await Promise.all([
      client.transactions.submit(signed),
      client.transactions.submit(signed),
    ]);
    const third = await client.transactions.submit(signed);
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    expect(await castOf(client, 'replayed')).toHaveLength(1);
    await expect(endorsed(client, proposal, signer)).rejects.toMatchObject(refusedAs('unchanged'));
  });

  it('is not signed when the gateway has prepared another one', async () => {
    await open('swapped');
    const { signer } = await office('itdz-berlin', 'representative');
    const { url, tokens } = consortium.gateway('itdz-berlin');
    const paths: string[] = [];
    const lying = createClient({
      url,
      token: tokens.representative,
      fetch: (to, options) => {
        paths.push(to as string);
        const body = (options?.body as string).replace('"choice":"yes"', '"choice":"no"');
        return fetch(to, { ...options, body });
      },
    });
    await expect(lying.signed(VOTE, { id: 'swapped', choice: 'yes' }, signer)).rejects.toMatchObject({
      name: 'NotWhatWasAskedError',
      part: 'input',
    });
    expect(paths).toHaveLength(1);
  });

  it('is refused when it was changed after it was signed', async () => {
    await open('changed');
    const { client, signer } = await office('itdz-berlin', 'representative');
    const yes = await prepared(client, 'changed', 'yes', signer.certificate);
    const signature = base64(await signer.sign(yes));
    const other = await prepared(client, 'changed', 'no', signer.certificate);
    await expect(client.transactions.endorse({ proposal: base64(other), signature })).rejects.toMatchObject(
      refusedAs('signature-not-accepted'),
    );

    const { transaction } = await submission(await endorsed(client, yes, signer), signer);
    await expect(client.transactions.submit({ transaction, signature })).rejects.toMatchObject(
      refusedAs('signature-not-accepted'),
    );
    expect(await castOf(client, 'changed')).toHaveLength(0);
  });

  it("is refused with another member's certificate, or one of another office", async () => {
    await open('others');
    const { client, signer } = await office('itdz-berlin', 'representative');
    const other = await office('bundesdruckerei', 'representative');
    const board = await office('itdz-berlin', 'board');
    await expect(client.signed(VOTE, { id: 'others', choice: 'yes' }, other.signer)).rejects.toMatchObject(
      refusedAs('certificate-not-accepted'),
    );
    await expect(client.signed(VOTE, { id: 'others', choice: 'yes' }, board.signer)).rejects.toMatchObject(
      refusedAs('role-not-allowed'),
    );
    await expect(board.client.signed(VOTE, { id: 'others', choice: 'yes' }, signer)).rejects.toMatchObject(
      refusedAs('certificate-not-accepted'),
    );
    const theirs = await prepared(other.client, 'others', 'yes', other.signer.certificate);
    await expect(endorsed(client, theirs, other.signer)).rejects.toMatchObject(refusedAs('invalid-input'));
    expect(await castOf(client, 'others')).toHaveLength(0);
  });

  it('has no effect when it is held back until the decision', async () => {
    await open('held-back');
    const { client, signer } = await office('itdz-berlin', 'representative');
    const proposal = await prepared(client, 'held-back', 'yes', signer.certificate);
    const held = await submission(await endorsed(client, proposal, signer), signer);
    for (const { memberId } of consortium.gateways.filter(({ memberId: id }) => id !== 'itdz-berlin'))
      await (
        await office(memberId, 'representative')
      ).client.resolutions.vote({
        id: 'held-back',
        choice: 'no',
      });
    await until('it is decided', async () => {
      const { body } = await client.resolutions.get({ id: 'held-back' });
      return body.status === 'rejected' ? body : undefined;
    });
    await expect(client.transactions.submit(held)).rejects.toMatchObject(refusedAs('conflict'));
    await expect(client.transactions.submit(held)).rejects.toMatchObject(refusedAs('conflict'));
  });

  it('is refused when it has grown stale', async () => {
    await open('stale');
    const { client, signer } = await office('itdz-berlin', 'representative');
    const proposal = await prepared(client, 'stale', 'yes', signer.certificate);
    const refusal = await until('the proposal is too old', () =>
      endorsed(client, proposal, signer).then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
    expect(refusal).toMatchObject(refusedAs('timestamp-off'));
  });
});

/** Writes with `Idempotency-Key` and `Prefer`, as HTTP shows them. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProblemError } from '../problem.js';
import { startFakeGateway } from '../testing/fake-gateway.js';

const ID = 'f'.repeat(64);
const OTHER_ID = 'e'.repeat(64);
const withdraw = '/api/v1/members/m-1/withdraw';
const key = { 'idempotency-key': '"k-1"' };
const respondAsync = { prefer: 'respond-async' };

let gateway: Awaited<ReturnType<typeof startFakeGateway>>;
beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.stop());

const post = (headers: object = {}, path = withdraw, role = 'board') =>
  gateway.request('POST', path, { headers, role });
const transaction = (id = ID) => gateway.request('GET', `/api/v1/transactions/${id}`);
/** Keeps what is written next under way until it is called. */
function held(): (value?: object) => void {
  let finish: (value: object) => void = () => undefined;
  gateway.ledger.commit = () => new Promise((resolve) => (finish = resolve));
  return (value = { id: 'm-1' }) => finish(value);
}
const inLedger = (transactionId: string, validationCode: number) =>
  gateway.transactions.set(transactionId, {
    transactionId,
    validationCode,
    blockNumber: 8n,
    timestampMs: 0,
    content: () => ({ proposalHash: transactionId, result: new Uint8Array(), written: () => [] }),
  });

describe('a write with Idempotency-Key', () => {
  it('that is repeated is answered with the same, marked as such', async () => {
    const first = await post(key);
    const again = await post(key);
    expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([200, null]);
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, 'true']);
    expect(again.body).toEqual(first.body);
    for (const name of ['location', 'transaction-id', 'block-number', 'content-type'])
      expect(again.headers.get(name)).toBe(first.headers.get(name));
    expect(gateway.ledger.submitted).toHaveLength(1);
  });

  it('repeats a refusal in the same way', async () => {
    gateway.ledger.commit = () => {
      throw new ProblemError('target-claimed', { resolutionId: 'r-1' });
    };
    const [first, again] = [await post(key), await post(key)];
    expect([first.status, again.status]).toEqual([409, 409]);
    const { requestId, ...refusal } = first.body;
    expect(again.body).toEqual({ ...refusal, requestId: again.headers.get('request-id') });
    expect(again.body['requestId']).not.toBe(requestId);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('belongs to its caller: for another role it is another one', async () => {
    await gateway.request('POST', '/api/v1/members/m-1/end', { headers: key, role: 'board' });
    const other = await gateway.request('POST', '/api/v1/members/m-1/end', {
      headers: key,
      role: 'representative',
    });
    expect(other.headers.get('idempotent-replayed')).toBeNull();
    expect(gateway.ledger.submitted).toHaveLength(2);
  });

  it('is refused for another request, while it is under way, and when malformed', async () => {
    const finish = held();
    const first = post(key);
    await vi.waitFor(() => expect(gateway.ledger.submitted).toHaveLength(1));
    const meanwhile = await post(key);
    expect(meanwhile).toMatchObject({
      status: 409,
      body: { type: 'urn:umlauf:problem:request-in-progress' },
    });
    expect(meanwhile.headers.get('retry-after')).toBe('1');
    finish();
    await first;
    expect(await post(key, '/api/v1/members/m-2/withdraw')).toMatchObject({
      status: 422,
      body: { type: 'urn:umlauf:problem:idempotency-key-reused' },
    });
    expect(await post({ 'idempotency-key': '"' })).toMatchObject({
      status: 400,
      body: { data: { issues: [{ path: 'Idempotency-Key' }] } },
    });
    expect(gateway.ledger.submitted).toHaveLength(1);
  });
});

describe('Prefer: respond-async', () => {
  it('has a write accepted, and its transaction tells what becomes of it', async () => {
    const finish = held();
    const accepted = await post(respondAsync);
    expect(accepted.status).toBe(202);
    expect(accepted.headers.get('location')).toBe(`/api/v1/transactions/${ID}`);
    expect(accepted.headers.get('preference-applied')).toBe('respond-async');
    expect(accepted.headers.get('transaction-id')).toBe(ID);
    expect(accepted.body).toEqual({ id: ID, status: 'pending' });
    expect((await transaction()).body).toEqual({ id: ID, status: 'pending' });
    inLedger(ID, 0);
    finish();
    await vi.waitFor(async () =>
      expect((await transaction()).body).toEqual({
        id: ID,
        status: 'valid',
        validationCode: 0,
        validation: 'VALID',
        blockNumber: 8,
        at: '1970-01-01T00:00:00.000Z',
        location: '/api/v1/members/m-1',
      }),
    );
  });

  it('waits as long as is asked for', async () => {
    const answered = await post({ prefer: 'respond-async, wait=30' });
    expect(answered.status).toBe(200);
    expect(answered.headers.get('preference-applied')).toBeNull();
  });

  it('tells a refusal with its problem, at once if it comes before any transaction', async () => {
    gateway.ledger.commit = () => {
      throw new ProblemError('target-claimed', { resolutionId: 'r-1' });
    };
    expect((await post({ prefer: 'respond-async, wait=30' })).status).toBe(409);
    const problem = { type: 'urn:umlauf:problem:target-claimed', status: 409, data: { resolutionId: 'r-1' } };
    expect((await transaction()).body).toMatchObject({ id: ID, status: 'refused', problem });
  });

  it('tells of a further try that recorded it, and not that the first was invalid meanwhile', async () => {
    const finish = held();
    await post(respondAsync);
    inLedger(ID, 11);
    expect((await transaction()).body).toEqual({ id: ID, status: 'pending' });
    gateway.ledger.recordedBy = OTHER_ID;
    inLedger(OTHER_ID, 0);
    finish();
    await vi.waitFor(async () =>
      expect((await transaction()).body).toMatchObject({ id: ID, status: 'valid', recordedBy: OTHER_ID }),
    );
  });

  it('tells a transaction that was committed without effect, with the problem', async () => {
    gateway.ledger.commit = () => {
      throw new ProblemError('conflict', { transactionId: ID });
    };
    inLedger(ID, 11);
    await post(respondAsync);
    await vi.waitFor(async () =>
      expect((await transaction()).body).toMatchObject({
        status: 'invalid',
        validationCode: 11,
        problem: { type: 'urn:umlauf:problem:conflict' },
      }),
    );
  });
});

describe('a write in doubt', () => {
  it('is pending until the ledger has it', async () => {
    gateway.ledger.commit = () => {
      throw new ProblemError('outcome-unknown', { transactionId: ID });
    };
    expect((await post()).status).toBe(504);
    expect((await transaction()).body).toEqual({ id: ID, status: 'pending' });
    inLedger(ID, 0);
    expect((await transaction()).body).toMatchObject({ id: ID, status: 'valid', blockNumber: 8 });
  });

  it('is not taken for another transaction under its id', async () => {
    gateway.ledger.commit = () => {
      throw new ProblemError('outcome-unknown', { transactionId: ID });
    };
    await post();
    inLedger(ID, 0);
    const found = gateway.transactions.get(ID)!;
    const content = () => ({ proposalHash: 'of somebody else', result: new Uint8Array(), written: () => [] });
    gateway.transactions.set(ID, { ...found, content });
    expect((await transaction()).body).toMatchObject({ status: 'invalid', validation: 'DUPLICATE_TXID' });
  });
});

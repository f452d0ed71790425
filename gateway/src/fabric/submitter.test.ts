import { status } from '@grpc/grpc-js';
import { describe, expect, it, vi } from 'vitest';
import { channelConfig, signaturePolicy } from '../testing/fake-channel.js';
import { FakeFabric, FakeTime, endorseError, grpcError, refusal } from '../testing/fake-fabric.js';
import { Channel } from './channel.js';
import { Commits } from './commits.js';
import { Endorsers } from './endorsers.js';
import { Silence } from './silence.js';
import { Submitter, type Proposal } from './submitter.js';
import { LedgerLookup, type LedgerTransaction } from './transactions.js';

const MEMBERS = ['OwnMSP', 'BMSP', 'CMSP', 'DMSP'];
const MISMATCH = 'ProposalResponsePayloads do not match';
const unavailable = () => grpcError(status.UNAVAILABLE, '14 UNAVAILABLE: insufficient number of orderers');

function setUp(members: readonly string[] = MEMBERS) {
  const fabric = new FakeFabric();
  const time = new FakeTime();
  const lookup = new LedgerLookup(fabric, 'main');
  const ledger = new Map<string, LedgerTransaction>();
  vi.spyOn(lookup, 'transaction').mockImplementation((id) => Promise.resolve(ledger.get(id)));
  // What CommitStatus tells is in the ledger from then on.
  const commitStatus = fabric.commitStatus.bind(fabric);
  fabric.commitStatus = async (id, ...rest) => {
    const status = await commitStatus(id, ...rest);
    ledger.set(id, fabric.inLedger(Number(id.slice(2)), status));
    return status;
  };
  let threshold = 3;
  let configReads = 0;
  fabric.onEvaluate = () => {
    configReads += 1;
    return Promise.resolve(channelConfig(members, signaturePolicy(threshold, members)));
  };
  const channel = new Channel(fabric, 'main');
  const endorsers = new Endorsers(fabric.mspId, channel, time);
  const commits = new Commits();
  const stream = { connected: false };
  const submitter = new Submitter({
    client: fabric,
    blocks: { watch: (id) => commits.watch(id, stream.connected) },
    channel,
    lookup,
    endorsers,
    silence: new Silence(fabric, endorsers, time),
    patience: {
      lagMs: 2_000,
      conflictMs: 5_000,
      conflictTries: 3,
      unreachableMs: 2_000,
      settleMs: 10_000,
    },
    time,
  });
  const submit = () =>
    submitter.submit({
      transaction: 'members:withdraw',
      input: '{}',
      role: 'board',
      need: () => Promise.resolve({ policy: 'channel' }),
    });
  const inLedger = (attempt: number, validationCode = 0) =>
    ledger.set(`tx${attempt}`, fabric.inLedger(attempt, { validationCode, blockNumber: 9n }));
  return {
    fabric,
    ledger,
    time,
    submitter,
    submit,
    inLedger,
    commits,
    stream,
    configReads: () => configReads,
    setThreshold: (n: number) => (threshold = n),
  };
}

describe('submit', () => {
  it('answers the result, the id and the block of the commit', async () => {
    const { submit, fabric } = setUp();
    const committed = await submit();
    expect(committed).toMatchObject({ transactionId: 'tx1', blockNumber: 7n });
    expect(Buffer.from(committed.result).toString()).toBe('{"done":true}');
    expect(fabric.named).toEqual([expect.arrayContaining(['OwnMSP'])]);
    expect(fabric.named[0]).toHaveLength(3);
  });

  it('has who must endorse looked up anew for every try but the first', async () => {
    const { submitter, fabric } = setUp();
    fabric.onCommitStatus = (attempt) =>
      Promise.resolve({ validationCode: attempt === 1 ? 10 : 0, blockNumber: 7n });
    const asked: boolean[] = [];
    const need = (anew: boolean) => {
      asked.push(anew);
      return Promise.resolve({ policy: 'channel' } as const);
    };
    await submitter.submit({ transaction: 'members:withdraw', input: '{}', role: 'board', need });
    expect(asked).toEqual([false, true]);
  });

  describe('when blocks arrive', () => {
    const seen = (transactionId: string, validationCode: number, proposalHash = 'proposal1') => ({
      transactionId,
      position: 0,
      config: false,
      validationCode,
      timestampMs: 0,
      content: () => ({ proposalHash, result: Buffer.from('"committed"'), written: () => [] }),
    });
    const block = (validationCode = 0) => ({
      number: 21n,
      transactions: [seen('other', 11), seen('tx1', validationCode)],
    });

    it('takes the commit from them, without asking for it', async () => {
      const { submit, fabric, commits, stream } = setUp();
      stream.connected = true;
      fabric.onSubmit = () => {
        commits.see(block());
        return Promise.resolve();
      };
      fabric.onCommitStatus = () => Promise.reject(new Error('asked'));
      const { result, ...committed } = await submit();
      expect(committed).toMatchObject({ transactionId: 'tx1', blockNumber: 21n });
      expect(Buffer.from(result).toString()).toBe('"committed"');
    });

    it('never takes another transaction under its id for its own', async () => {
      const { submit, fabric, commits, stream } = setUp();
      stream.connected = true;
      fabric.onSubmit = () => {
        commits.see({ number: 21n, transactions: [seen('tx1', 0, 'of somebody else')] });
        return Promise.resolve();
      };
      await expect(submit()).rejects.toMatchObject({
        code: 'transaction-invalid',
        data: { transactionId: 'tx1', validationCode: 9 },
      });
      expect(fabric.submitted).toEqual(['tx1']);
    });

    it.each([
      ['before', [seen('tx1', 10, 'of somebody else'), seen('tx1', 0)]],
      ['after', [seen('tx1', 0), seen('tx1', 9, 'of somebody else')]],
    ])('finds its own with another one in the same block %s it', async (_where, transactions) => {
      const { submit, fabric, commits, stream } = setUp();
      stream.connected = true;
      fabric.onSubmit = () => {
        commits.see({ number: 21n, transactions });
        return Promise.resolve();
      };
      await expect(submit()).resolves.toMatchObject({ transactionId: 'tx1', blockNumber: 21n });
    });

    it('believes an invalid one as well', async () => {
      const { submit, fabric, commits, stream } = setUp();
      stream.connected = true;
      fabric.onSubmit = () => {
        commits.see(block(4));
        return Promise.resolve();
      };
      await expect(submit()).rejects.toMatchObject({ code: 'transaction-invalid' });
    });

    it('asks when the stream breaks', async () => {
      const { submit, fabric, commits, stream } = setUp();
      stream.connected = true;
      fabric.onSubmit = () => {
        commits.broken();
        return Promise.resolve();
      };
      await expect(submit()).resolves.toMatchObject({ blockNumber: 7n });
    });

    it('asks when no block comes', async () => {
      vi.useFakeTimers();
      try {
        const { submit, stream } = setUp();
        stream.connected = true;
        const submitting = submit();
        await vi.advanceTimersByTimeAsync(2_000);
        await expect(submitting).resolves.toMatchObject({ blockNumber: 7n });
      } finally {
        vi.useRealTimers();
      }
    });
  });

  it('answers the error of the contract at once when all endorsers agree', async () => {
    const { submit, fabric } = setUp();
    fabric.onEndorse = (_attempt, named) =>
      Promise.reject(
        endorseError(named!.map((mspId) => [mspId, refusal('not-found', { resource: 'member' })])),
      );
    await expect(submit()).rejects.toMatchObject({ code: 'not-found', data: { resource: 'member' } });
    expect(fabric.named).toHaveLength(1);
    expect(fabric.submitted).toEqual([]);
  });

  describe('when endorsers refuse the timestamp', () => {
    const off = (named: readonly string[] | undefined) =>
      endorseError(named!.map((mspId) => [mspId, refusal('timestamp-off', { skew: 'PT30S' })]));

    it('proposes anew, once, what had waited for long', async () => {
      const { submit, fabric, time } = setUp();
      fabric.onEndorse = (attempt, named) => {
        if (attempt > 1) return Promise.resolve({});
        time.advance(31_000);
        return Promise.reject(off(named));
      };
      await expect(submit()).resolves.toMatchObject({ transactionId: 'tx2' });
    });

    it.each([
      ['at once when the clock must be off', 100, 1],
      ['when a fresh proposal fares no better', 31_000, 2],
    ])('answers so %s', async (_name, waitedMs, proposals) => {
      const { submit, fabric, time } = setUp();
      fabric.onEndorse = (_attempt, named) => {
        time.advance(waitedMs);
        return Promise.reject(off(named));
      };
      await expect(submit()).rejects.toMatchObject({ code: 'timestamp-off', data: { skew: 'PT30S' } });
      expect(fabric.named).toHaveLength(proposals);
      expect(fabric.submitted).toEqual([]);
    });

    it('understands peers that refuse it before the contracts see it', async () => {
      const { submit, fabric } = setUp();
      const peerRefusal =
        'request unauthorized due to incorrect timestamp 2026-01-01T00:00:00Z, peer time 2026-01-01T00:02:00Z, ' +
        'peer.authentication.timewindow 1m0s';
      fabric.onEndorse = (_attempt, named) =>
        Promise.reject(endorseError(named!.map((mspId) => [mspId, peerRefusal])));
      await expect(submit()).rejects.toMatchObject({ code: 'timestamp-off', data: { skew: 'PT1M0S' } });
    });
  });

  describe('when endorsers lag', () => {
    it.each([
      ['payloads that do not match', MISMATCH],
      ['an error that not all return', refusal('not-found')],
    ])('asks again after %s', async (_name, message) => {
      const { submit, fabric } = setUp();
      fabric.onEndorse = (attempt) =>
        attempt < 3 ? Promise.reject(endorseError([['OwnMSP', message]])) : Promise.resolve({});
      await expect(submit()).resolves.toMatchObject({ transactionId: 'tx3' });
    });

    it('gives up after two seconds and names the organizations that differ', async () => {
      const { submit, fabric, time } = setUp();
      const began = time.now();
      fabric.onEndorse = () => Promise.reject(endorseError([['CMSP', MISMATCH]]));
      await expect(submit()).rejects.toMatchObject({
        code: 'endorsement-failed',
        data: { mspIds: ['CMSP'] },
      });
      expect(time.now() - began).toBeLessThanOrEqual(2_000);
      expect(time.now() - began).toBeGreaterThan(1_500);
    });

    it('believes the own peer in the end', async () => {
      const { submit, fabric } = setUp();
      fabric.onEndorse = () => Promise.reject(endorseError([['OwnMSP', refusal('wrong-status')]]));
      await expect(submit()).rejects.toMatchObject({ code: 'wrong-status' });
    });
  });

  describe('when organizations are away', () => {
    it('names others', async () => {
      const { submit, fabric } = setUp();
      const away = 'BMSP';
      fabric.onEndorse = (_attempt, named) =>
        named!.includes(away)
          ? Promise.reject(endorseError([[away, 'rpc error: code = Unavailable']]))
          : Promise.resolve({});
      await submit();
      await submit();
      expect(fabric.named.at(-1)).not.toContain(away);
      expect(fabric.named.filter((named) => named?.includes(away)).length).toBeLessThanOrEqual(1);
    });

    it('finds those that are left, however many are away, each try showing one, without waiting', async () => {
      const members = Array.from({ length: 18 }, (_, index) => (index === 0 ? 'OwnMSP' : `M${index}MSP`));
      const away = new Set(members.slice(-8));
      const { submit, fabric, time, setThreshold } = setUp(members);
      setThreshold(10);
      const begin = time.now();
      fabric.onEndorse = (_attempt, named) => {
        time.advance(1_500);
        const missing = named?.find((mspId) => away.has(mspId));
        if (missing === undefined) return Promise.resolve({});
        return Promise.reject(
          grpcError(status.UNAVAILABLE, `failed to find any endorsing peers for org(s): ${missing}`),
        );
      };
      await expect(submit()).resolves.toMatchObject({ blockNumber: 7n });
      const tries = fabric.named.length;
      expect(tries).toBeLessThanOrEqual(9);
      expect(time.now() - begin).toBe(tries * 1_500);
    });

    it('says which, when too few are left', async () => {
      const { submit, fabric } = setUp();
      fabric.onEndorse = () =>
        Promise.reject(
          grpcError(status.UNAVAILABLE, 'failed to find any endorsing peers for org(s): BMSP, CMSP'),
        );
      await expect(submit()).rejects.toMatchObject({
        code: 'peer-unavailable',
        data: { mspIds: ['BMSP', 'CMSP'] },
      });
    });

    it('names its own organization when its own peer is away', async () => {
      const { submit, fabric } = setUp();
      fabric.onEndorse = () => Promise.reject(grpcError(status.UNAVAILABLE, 'connect ECONNREFUSED'));
      await expect(submit()).rejects.toMatchObject({
        code: 'peer-unavailable',
        data: { mspIds: ['OwnMSP'] },
      });
    });
  });

  describe('when no answer comes', () => {
    const late = () => Promise.reject(grpcError(status.DEADLINE_EXCEEDED, '4 DEADLINE_EXCEEDED'));
    const DEADLINE_MS = 15_000;

    /** Keeps back the answer of every endorsement that one of these is asked for, and of all that it is asked alone. */
    function keepBack(silent: readonly string[]) {
      const parts = setUp();
      const { fabric, time } = parts;
      const alone: string[] = [];
      const config = fabric.onEvaluate;
      fabric.onEvaluate = (call, mspId) => {
        if (mspId === undefined) return config(call, mspId);
        expect(call).toEqual({ transaction: 'members:withdraw', arguments: ['{}'], role: 'board' });
        alone.push(mspId);
        return silent.includes(mspId) ? late() : Promise.resolve(new Uint8Array());
      };
      fabric.onEndorse = (_attempt, named) => {
        if (!named?.some((mspId) => silent.includes(mspId))) return Promise.resolve({});
        time.advance(DEADLINE_MS);
        return late();
      };
      return { ...parts, alone };
    }

    it('asks each endorser alone, and names others in the place of the one that is silent', async () => {
      const { submit, fabric, time, alone } = keepBack(['BMSP']);
      for (let each = 0; each < 3; each += 1) await submit();
      const together = fabric.named.find((named) => named?.includes('BMSP')) ?? [];
      expect(alone.sort()).toEqual([...new Set(['OwnMSP', ...together])].sort());
      expect(fabric.named.filter((named) => named?.includes('BMSP'))).toHaveLength(1);
      time.advance(4 * 60_000);
      for (let each = 0; each < 3; each += 1) await submit();
      expect(fabric.named.filter((named) => named?.includes('BMSP'))).toHaveLength(1);
      time.advance(60_001);
      for (let each = 0; each < 3; each += 1) await submit();
      expect(fabric.named.filter((named) => named?.includes('BMSP'))).toHaveLength(2);
    });

    it('searches once for all that wait at the same time', async () => {
      const { submit, alone } = keepBack(['BMSP']);
      await Promise.all(Array.from({ length: 20 }, submit));
      expect(alone.filter((mspId) => mspId === 'OwnMSP')).toHaveLength(1);
    });

    it('blames nobody where the own peer is silent', async () => {
      const { submit, fabric, alone } = keepBack(['OwnMSP']);
      await expect(submit()).rejects.toMatchObject({
        code: 'peer-unavailable',
        data: { mspIds: ['OwnMSP'] },
      });
      expect(fabric.named).toHaveLength(2);
      expect(new Set(alone)).toEqual(new Set(MEMBERS));
    });

    it('tries once more where all answer: the connection was stuck by another call', async () => {
      const { submit, fabric, time, alone } = keepBack([]);
      fabric.onEndorse = (attempt) => {
        time.advance(DEADLINE_MS);
        return attempt === 1 ? late() : Promise.resolve({});
      };
      await expect(submit()).resolves.toMatchObject({ transactionId: 'tx2' });
      expect(alone.toSorted()).toEqual(fabric.named[0]?.toSorted());
    });

    it('names who is silent where nobody can take its place, and waits once for it while it is known', async () => {
      const { submit, fabric } = keepBack(['BMSP', 'CMSP']);
      const mspIds = expect.arrayContaining(['BMSP', 'CMSP']) as string[];
      const refused = { code: 'peer-unavailable', data: { mspIds } };
      await expect(submit()).rejects.toMatchObject(refused);
      const tries = fabric.named.length;
      expect(tries).toBeLessThanOrEqual(3);
      await expect(submit()).rejects.toMatchObject({ code: 'peer-unavailable' });
      expect(fabric.named).toHaveLength(tries + 1);
    });
  });

  describe('when the transaction was committed as invalid', () => {
    it.each([11, 12])('tries conflicts (%i) again with a fresh proposal', async (validationCode) => {
      const { submit, fabric } = setUp();
      fabric.onCommitStatus = (attempt) =>
        Promise.resolve({ validationCode: attempt < 3 ? validationCode : 0, blockNumber: BigInt(attempt) });
      await expect(submit()).resolves.toMatchObject({ transactionId: 'tx3', blockNumber: 3n });
    });

    it('answers a conflict once its tries are used up', async () => {
      const { submit, fabric } = setUp();
      fabric.onCommitStatus = () => Promise.resolve({ validationCode: 11, blockNumber: 1n });
      await expect(submit()).rejects.toMatchObject({ code: 'conflict', data: { transactionId: 'tx4' } });
    });

    it('reads the configuration again after code 10 and names as many as it asks for now', async () => {
      const { submit, fabric, configReads, setThreshold } = setUp();
      fabric.onCommitStatus = (attempt) => {
        setThreshold(4);
        return Promise.resolve({ validationCode: attempt === 1 ? 10 : 0, blockNumber: 1n });
      };
      await submit();
      expect(fabric.named.map((named) => named?.length)).toEqual([3, 4]);
      expect(configReads()).toBe(2);
    });

    it('does so only once, and never answers it as a success', async () => {
      const { submit, fabric } = setUp();
      fabric.onCommitStatus = () => Promise.resolve({ validationCode: 10, blockNumber: 1n });
      await expect(submit()).rejects.toMatchObject({
        code: 'transaction-invalid',
        data: { transactionId: 'tx2', validationCode: 10 },
      });
      expect(fabric.named).toHaveLength(2);
    });

    it.each([3, 4, 9, 254])('answers any other code (%i) as invalid', async (validationCode) => {
      const { submit, fabric } = setUp();
      fabric.onCommitStatus = () => Promise.resolve({ validationCode, blockNumber: 1n });
      await expect(submit()).rejects.toMatchObject({ code: 'transaction-invalid', data: { validationCode } });
      expect(fabric.named).toHaveLength(1);
    });
  });

  describe('when in doubt', () => {
    it('finds a transaction that committed although Submit failed', async () => {
      const { submit, fabric, inLedger } = setUp();
      fabric.onSubmit = (attempt) => {
        inLedger(attempt);
        return Promise.reject(unavailable());
      };
      await expect(submit()).resolves.toMatchObject({ transactionId: 'tx1', blockNumber: 9n });
      expect(fabric.submitted).toEqual(['tx1']);
    });

    it('waits for it if it is not there yet', async () => {
      const { submit, fabric } = setUp();
      fabric.onSubmit = () => Promise.reject(unavailable());
      let polls = 0;
      fabric.onCommitStatus = (_attempt, polling) => {
        expect(polling).toBe(true);
        polls += 1;
        return polls < 3
          ? Promise.reject(grpcError(status.DEADLINE_EXCEEDED, '4 DEADLINE_EXCEEDED'))
          : Promise.resolve({ validationCode: 0, blockNumber: 8n });
      };
      await expect(submit()).resolves.toMatchObject({ transactionId: 'tx1', blockNumber: 8n });
    });

    it('never takes another transaction under its id for its own', async () => {
      const { submit, fabric, ledger } = setUp();
      fabric.onSubmit = () => {
        const other = fabric.inLedger(2, { validationCode: 0, blockNumber: 9n });
        ledger.set('tx1', { ...other, transactionId: 'tx1' });
        return Promise.reject(unavailable());
      };
      await expect(submit()).rejects.toMatchObject({
        code: 'transaction-invalid',
        data: { transactionId: 'tx1', validationCode: 9 },
      });
    });

    it('settles a failed CommitStatus in the same way', async () => {
      const { submit, fabric, inLedger } = setUp();
      fabric.onCommitStatus = (attempt) => {
        inLedger(attempt);
        return Promise.reject(grpcError(status.UNAVAILABLE, '14 UNAVAILABLE: Connection dropped'));
      };
      await expect(submit()).resolves.toMatchObject({ transactionId: 'tx1' });
      expect(fabric.submitted).toEqual(['tx1']);
    });

    it.each([status.FAILED_PRECONDITION, status.INVALID_ARGUMENT, status.ABORTED])(
      'never takes a failed CommitStatus (code %i) for a transaction that was not sent',
      async (code) => {
        const { submit, fabric } = setUp();
        fabric.onCommitStatus = () => Promise.reject(grpcError(code, 'status=FORBIDDEN'));
        await expect(submit()).rejects.toMatchObject({ code: 'outcome-unknown' });
      },
    );

    it('never submits again and says so with the id when it cannot be settled in time', async () => {
      const { submit, fabric, time } = setUp();
      const began = time.now();
      fabric.onSubmit = () => Promise.reject(unavailable());
      fabric.onCommitStatus = () => {
        time.advance(1_000);
        return Promise.reject(grpcError(status.DEADLINE_EXCEEDED, '4 DEADLINE_EXCEEDED'));
      };
      await expect(submit()).rejects.toMatchObject({
        code: 'outcome-unknown',
        data: { transactionId: 'tx1' },
      });
      expect(fabric.submitted).toEqual(['tx1']);
      expect(time.now() - began).toBeGreaterThanOrEqual(10_000);
    });

    it('tries a conflict that it settled again', async () => {
      const { submit, fabric, inLedger } = setUp();
      fabric.onSubmit = (attempt) => {
        inLedger(attempt, attempt === 1 ? 11 : 0);
        return attempt === 1 ? Promise.reject(unavailable()) : Promise.resolve();
      };
      await expect(submit()).resolves.toMatchObject({ transactionId: 'tx2' });
    });
  });

  describe('what has to be noted before', () => {
    const noting = (onProposed: (proposal: Proposal) => Promise<void>) => {
      const set = setUp();
      const submit = () =>
        set.submitter.submit({
          transaction: 'members:withdraw',
          input: '{}',
          role: 'board',
          need: () => Promise.resolve({ policy: 'channel' }),
          onProposed,
        });
      return { ...set, submit };
    };

    it('is noted of every try, before it is submitted', async () => {
      const order: string[] = [];
      const { submit, fabric } = noting(async ({ transactionId, proposalHash }) => {
        await new Promise((resolve) => setImmediate(resolve));
        order.push(`noted ${transactionId} ${proposalHash}`);
      });
      fabric.onSubmit = (attempt) => Promise.resolve(void order.push(`submitted ${attempt}`));
      fabric.onCommitStatus = (attempt) =>
        Promise.resolve({ validationCode: attempt === 1 ? 11 : 0, blockNumber: 1n });
      await submit();
      expect(order).toEqual(['noted tx1 proposal1', 'submitted 1', 'noted tx2 proposal2', 'submitted 2']);
    });

    it('keeps a transaction back that cannot be noted', async () => {
      const { submit, fabric } = noting(() => Promise.reject(new Error('disk full')));
      await expect(submit()).rejects.toThrow('disk full');
      expect(fabric.submitted).toEqual([]);
    });
  });

  it('answers a refusal by the orderers at once', async () => {
    const { submit, fabric } = setUp();
    fabric.onSubmit = () => Promise.reject(grpcError(status.ABORTED, 'status=FORBIDDEN'));
    await expect(submit()).rejects.toMatchObject({ code: 'organization-not-allowed' });
  });

  it('lets faults of this program through as they are', async () => {
    const { submit, fabric } = setUp();
    fabric.onEndorse = () => Promise.reject(new TypeError('fault'));
    await expect(submit()).rejects.toThrow(TypeError);
  });
});

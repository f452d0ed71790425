import { status } from '@grpc/grpc-js';
import { describe, expect, it, vi } from 'vitest';
import { UNOBSERVED } from '../telemetry/observer.js';
import { channelConfig, signaturePolicy } from '../testing/fake-channel.js';
import { FakeFabric, FakeTime, endorseError, grpcError, refusal } from '../testing/fake-fabric.js';
import { Channel } from './channel.js';
import { Commits } from './commits.js';
import { ElsewhereSubmitter } from './elsewhere-submitter.js';
import { Endorsers } from './endorsers.js';
import { Silence } from './silence.js';
import { LedgerLookup, type LedgerTransaction } from './transactions.js';

const MEMBERS = ['OwnMSP', 'BMSP', 'CMSP', 'DMSP'];
const ACT = { transaction: 'resolutions:vote' } as const;
const NEED = { policy: 'channel' } as const;
const PROPOSAL = { transactionId: 'tx1', bytes: Uint8Array.of(1), signature: Uint8Array.of(2) };
const SIGNED = { transactionId: 'tx1', proposalHash: 'hash', payload: '', signature: '' };

/** A ledger, endorsers and orderers that do what a test tells them to. */
function setUp() {
  const fabric = new FakeFabric();
  let configReads = 0;
  fabric.onEvaluate = () => {
    configReads += 1;
    return Promise.resolve(channelConfig(MEMBERS, signaturePolicy(3, MEMBERS)));
  };
  const time = new FakeTime();
  const channel = new Channel(fabric, 'main');
  const endorsers = new Endorsers('OwnMSP', channel, time);
  const lookup = new LedgerLookup(fabric, 'main');
  const ledger = new Map<string, LedgerTransaction>();
  vi.spyOn(lookup, 'transaction').mockImplementation((id) => Promise.resolve(ledger.get(id)));
  const commit = (validationCode = 0, proposalHash = 'hash') =>
    ledger.set('tx1', {
      ...{ transactionId: 'tx1', validationCode, blockNumber: 9n, timestampMs: 0 },
      content: () => ({ proposalHash, result: Buffer.from('"cast"'), written: () => [] }),
    });
  fabric.onCommitStatus = () =>
    ledger.has('tx1')
      ? Promise.resolve({ validationCode: 0, blockNumber: 9n })
      : Promise.reject(grpcError(status.DEADLINE_EXCEEDED, '4 DEADLINE_EXCEEDED'));
  const asked: (readonly string[])[] = [];
  const retried: string[] = [];
  const fake = {
    onEndorse: (_attempt: number): void => undefined,
    onSubmit: (): void => void commit(),
    submitted: 0,
  };
  const submitter = new ElsewhereSubmitter(
    {
      endorse: (_proposal, named = []) => {
        asked.push(named);
        return new Promise((resolve) => {
          fake.onEndorse(asked.length);
          resolve(Uint8Array.of(3));
        });
      },
      submit: () => {
        fake.submitted += 1;
        return new Promise((resolve) => {
          fake.onSubmit();
          resolve();
        });
      },
    },
    {
      client: fabric,
      channel,
      lookup,
      time,
      endorsers,
      silence: new Silence(fabric, endorsers, time),
      blocks: { watch: (id) => new Commits().watch(id, false) },
      patience: { lagMs: 2_000, conflictMs: 5_000, conflictTries: 3, unreachableMs: 2_000, settleMs: 10_000 },
      observer: { ...UNOBSERVED, retried: (reason) => retried.push(reason) },
    },
  );
  const endorse = () => submitter.endorse(ACT, NEED, PROPOSAL);
  const submit = (onProposed?: () => Promise<void>) => submitter.submit(ACT, SIGNED, onProposed);
  const forget = () => ledger.delete('tx1');
  return { asked, commit, endorse, fabric, fake, forget, retried, submit, configReads: () => configReads };
}

describe('endorsing what was signed elsewhere', () => {
  it('answers what is to be signed, from as many organizations as the channel asks for', async () => {
    const { endorse, asked } = setUp();
    expect(await endorse()).toEqual(Uint8Array.of(3));
    expect(asked).toEqual([expect.arrayContaining(['OwnMSP'])]);
    expect(asked[0]).toHaveLength(3);
  });

  it('has others endorse the same proposal in the place of those that do not answer, and counts that', async () => {
    const { endorse, asked, fake, retried } = setUp();
    fake.onEndorse = (attempt) => {
      const gone = asked[0]?.at(-1) ?? '';
      if (attempt === 1) throw endorseError([[gone, 'connection refused']]);
    };
    await endorse();
    expect(asked[1]).not.toContain(asked[0]?.at(-1));
    expect(retried).toEqual(['unreachable']);
  });

  it('finds the one that keeps the answer back, and has others endorse in its place', async () => {
    const { endorse, asked, fabric, fake, retried } = setUp();
    const config = fabric.onEvaluate;
    fabric.onEvaluate = (call, mspId) =>
      mspId !== undefined && mspId === asked[0]?.at(-1)
        ? Promise.reject(grpcError(status.DEADLINE_EXCEEDED, '4 DEADLINE_EXCEEDED'))
        : config(call, mspId);
    fake.onEndorse = (attempt) => {
      if (attempt === 1) throw grpcError(status.DEADLINE_EXCEEDED, '4 DEADLINE_EXCEEDED');
    };
    await endorse();
    expect(asked[1]).not.toContain(asked[0]?.at(-1));
    expect(retried).toEqual(['unreachable']);
  });

  it('asks again where one is a block behind, until patience ends', async () => {
    const { endorse, asked, fake, retried } = setUp();
    fake.onEndorse = () => {
      throw endorseError([['BMSP', refusal('not-found', { resource: 'resolution' })]]);
    };
    await expect(endorse()).rejects.toMatchObject({ code: 'endorsement-failed' });
    expect(asked.length).toBeGreaterThan(2);
    expect(new Set(retried)).toEqual(new Set(['disagreement']));
  });

  it('answers what the contract refuses, without asking again', async () => {
    const { endorse, asked, fake } = setUp();
    fake.onEndorse = () => {
      const all = asked[0] ?? [];
      throw endorseError(
        all.map((mspId) => [mspId, refusal('wrong-status', { status: 'adopted' })] as const),
      );
    };
    await expect(endorse()).rejects.toMatchObject({ code: 'wrong-status' });
    expect(asked).toHaveLength(1);
  });

  it('does not ask for what has been committed', async () => {
    const { endorse, asked, commit } = setUp();
    commit();
    await expect(endorse()).rejects.toMatchObject({ code: 'unchanged' });
    expect(asked).toEqual([]);
  });
});

describe('submitting what was signed elsewhere', () => {
  it('answers the commit, and tells of it before it is handed to the orderers', async () => {
    const { submit, fake } = setUp();
    const told = vi.fn(() => {
      expect(fake.submitted).toBe(0);
      return Promise.resolve();
    });
    expect(await submit(told)).toMatchObject({ transactionId: 'tx1', blockNumber: 9n });
    expect(told).toHaveBeenCalledOnce();
  });

  it('submits nothing that the ledger has', async () => {
    const { submit, fake, commit } = setUp();
    commit();
    expect(await submit()).toMatchObject({ blockNumber: 9n });
    expect(fake.submitted).toBe(0);
  });

  it('does not take for it what stands under its id and is another', async () => {
    const { submit, commit } = setUp();
    commit(0, 'another');
    await expect(submit()).rejects.toMatchObject({
      code: 'transaction-invalid',
      data: { validationCode: 9 },
    });
  });

  it('finds out what became of it when submitting says nothing about that', async () => {
    const { submit, fake, commit } = setUp();
    fake.onSubmit = () => {
      commit();
      throw grpcError(status.UNAVAILABLE, '14 UNAVAILABLE: insufficient number of orderers');
    };
    expect(await submit()).toMatchObject({ transactionId: 'tx1' });
    expect(fake.submitted).toBe(1);
  });

  it('says that it is not known, rather than submit it again', async () => {
    const { submit, fake } = setUp();
    fake.onSubmit = () => {
      throw grpcError(status.UNAVAILABLE, '14 UNAVAILABLE: insufficient number of orderers');
    };
    await expect(submit()).rejects.toMatchObject({
      code: 'outcome-unknown',
      data: { transactionId: 'tx1' },
    });
    expect(fake.submitted).toBe(1);
  });

  it('has the policy read again after one that was not met', async () => {
    const { endorse, submit, fake, commit, forget, configReads } = setUp();
    await endorse();
    fake.onSubmit = () => void commit(10);
    await expect(submit()).rejects.toMatchObject({ code: 'transaction-invalid' });
    forget();
    await endorse();
    expect(configReads()).toBe(2);
  });

  it('asks for a signature anew after a conflict', async () => {
    const { submit, fake, commit } = setUp();
    fake.onSubmit = () => void commit(11);
    await expect(submit()).rejects.toMatchObject({ code: 'conflict' });
    expect(fake.submitted).toBe(1);
  });
});

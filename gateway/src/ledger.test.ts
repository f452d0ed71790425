import { status } from '@grpc/grpc-js';
import { describe, expect, it, vi } from 'vitest';
import type { Fact } from 'umlauf-chaincode/api';
import type { ElsewhereSubmitter } from './fabric/elsewhere-submitter.js';
import type { EndorsementNeed } from './fabric/endorsers.js';
import type { Submission, Submitter } from './fabric/submitter.js';
import { FabricLedger } from './ledger.js';
import { FakeFabric, grpcError, refusal } from './testing/fake-fabric.js';

function setUp() {
  const fabric = new FakeFabric();
  const state = { fails: false };
  const submissions: (Omit<Submission, 'need'> & { need: EndorsementNeed })[] = [];
  const submitter = {
    submit: async (submission: Submission) => {
      submissions.push({ ...submission, need: await submission.need(state.fails) });
      return { result: Buffer.from('{}'), transactionId: 'tx', blockNumber: 8n };
    },
  } as unknown as Submitter;
  const listener = { onCommitted: vi.fn(), onVoting: vi.fn() };
  const needs: EndorsementNeed[] = [];
  const elsewhere = {
    endorse: (_act: unknown, need: EndorsementNeed) => {
      needs.push(need);
      return state.fails ? Promise.reject(new Error('too few')) : Promise.resolve(new Uint8Array());
    },
    submit: () => Promise.resolve({ result: Buffer.from('{}'), transactionId: 'tx', blockNumber: 9n }),
  } as unknown as ElsewhereSubmitter;
  const ledger = new FabricLedger(fabric, submitter, elsewhere, listener);
  return { fabric, state, submissions, needs, ...listener, ledger };
}

describe('FabricLedger', () => {
  it('hands over one JSON argument in the role given', async () => {
    const { fabric, ledger } = setUp();
    fabric.onEvaluate = (call) => Promise.resolve(Buffer.from(JSON.stringify(call)));
    const bytes = await ledger.evaluate('members:get', { id: 'm-1' }, 'auditor');
    expect(JSON.parse(Buffer.from(bytes).toString())).toEqual({
      transaction: 'members:get',
      arguments: ['{"id":"m-1"}'],
      role: 'auditor',
    });
  });

  it('tells the block of each commit', async () => {
    const { ledger, onCommitted, submissions } = setUp();
    await ledger.submit('members:withdraw', { id: 'm-1' }, 'board');
    expect(onCommitted).toHaveBeenCalledWith(8n);
    expect(submissions).toMatchObject([
      { transaction: 'members:withdraw', input: '{"id":"m-1"}', role: 'board', need: { policy: 'channel' } },
    ]);
  });

  describe('for what is the own organization’s', () => {
    const accept = (ledger: FabricLedger) =>
      ledger.submit(
        'projects:acceptParticipation',
        { project: 'p-1', member: 'm-1', role: 'user' },
        'representative',
      );

    it('takes the endorsers that were pinned with its key', async () => {
      const { fabric, ledger, submissions } = setUp();
      const endorsements = [
        { owner: 'BMSP', others: ['OwnMSP'], count: 1 },
        { owner: fabric.mspId, others: ['BMSP', 'CMSP'], count: 2 },
      ];
      fabric.onEvaluate = () => Promise.resolve(Buffer.from(JSON.stringify({ endorsements })));
      await accept(ledger);
      expect(submissions.map(({ need }) => need)).toEqual([
        { policy: 'owned', others: ['BMSP', 'CMSP'], count: 2 },
      ]);
    });

    it('is created under the policy of the channel where it is not there yet', async () => {
      const { fabric, ledger, submissions } = setUp();
      fabric.onEvaluate = () =>
        Promise.reject(grpcError(status.UNKNOWN, refusal('not-found', { resource: 'participation' })));
      await accept(ledger);
      expect(submissions.map(({ need }) => need)).toEqual([{ policy: 'channel' }]);
    });

    /** Answers with others that count the reads. */
    const counting = (fabric: FakeFabric) => {
      const reads = { count: 0 };
      fabric.onEvaluate = () => {
        reads.count += 1;
        const endorsements = [{ owner: fabric.mspId, others: [`Other${reads.count}MSP`], count: 1 }];
        return Promise.resolve(Buffer.from(JSON.stringify({ endorsements })));
      };
      return reads;
    };
    const others = (needs: readonly EndorsementNeed[]) =>
      needs.map((need) => need.policy === 'owned' && need.others[0]);

    it('reads who has to endorse once for each resource', async () => {
      const { fabric, ledger, submissions } = setUp();
      const reads = counting(fabric);
      for (let write = 0; write < 5; write += 1) await accept(ledger);
      await ledger.submit('services:withdraw', { id: 's-1' }, 'board');
      expect(reads.count).toBe(2);
      expect(others(submissions.map(({ need }) => need))).toEqual([
        ...Array<string>(5).fill('Other1MSP'),
        'Other2MSP',
      ]);
    });

    it.each(['project.lead', 'project.handed-over', 'service.handed-over'] as const)(
      'reads it again after %s',
      async (type) => {
        const { fabric, ledger, submissions } = setUp();
        counting(fabric);
        await accept(ledger);
        ledger.holdings.see({ type });
        await accept(ledger);
        expect(others(submissions.map(({ need }) => need))).toEqual(['Other1MSP', 'Other2MSP']);
      },
    );

    it('reads it again for another try, and goes on with that', async () => {
      const { fabric, state, ledger, submissions } = setUp();
      const reads = counting(fabric);
      await accept(ledger);
      state.fails = true;
      await accept(ledger);
      state.fails = false;
      await accept(ledger);
      expect(reads.count).toBe(2);
      expect(others(submissions.map(({ need }) => need))).toEqual(['Other1MSP', 'Other2MSP', 'Other2MSP']);
    });

    it('reads it again after what was signed elsewhere has failed', async () => {
      const { fabric, state, needs, ledger } = setUp();
      counting(fabric);
      const signed = { bytes: new Uint8Array(), signature: new Uint8Array(), transactionId: 'tx' };
      const endorse = () => ledger.endorseSigned('services:withdraw', { id: 's-1' }, signed);
      await endorse();
      state.fails = true;
      await expect(endorse()).rejects.toThrow('too few');
      state.fails = false;
      await endorse();
      expect(others(needs)).toEqual(['Other1MSP', 'Other1MSP', 'Other2MSP']);
    });

    it('does not remember what was read before a hand-over that was seen meanwhile', async () => {
      const { fabric, ledger, submissions } = setUp();
      counting(fabric);
      const writing = accept(ledger);
      ledger.holdings.see({ type: 'site.handed-over' });
      await writing;
      await accept(ledger);
      expect(others(submissions.map(({ need }) => need))).toEqual(['Other1MSP', 'Other2MSP']);
    });
  });

  describe('for a ballot', () => {
    const vote = (ledger: FabricLedger) =>
      ledger.submit('resolutions:vote', { id: 'r-1', choice: 'yes' }, 'representative');

    it('takes the endorsers that were pinned at opening, and reads them once', async () => {
      const { fabric, ledger, submissions } = setUp();
      let reads = 0;
      fabric.onEvaluate = () => {
        reads += 1;
        return Promise.resolve(Buffer.from('{"opening":{"endorsers":["OwnMSP","BMSP"],"f":1}}'));
      };
      await vote(ledger);
      await vote(ledger);
      expect(reads).toBe(1);
      expect(submissions.map(({ need }) => need)).toEqual(
        Array(2).fill({ policy: 'ballot', others: ['OwnMSP', 'BMSP'], f: 1 }),
      );
    });

    const opened = (data: object): Fact => ({
      type: 'resolution.opened',
      id: 'r-1',
      data: { ...data },
    });

    it('learns them from the fact of the opening, without a read', async () => {
      const { ledger, submissions } = setUp();
      ledger.openings.see(opened({ endorsers: ['BMSP', 'CMSP'], f: 1 }));
      await vote(ledger);
      expect(submissions.map(({ need }) => need)).toEqual([
        { policy: 'ballot', others: ['BMSP', 'CMSP'], f: 1 },
      ]);
    });

    it('reads them when voting opens if the fact does not tell them, so that no vote has to', async () => {
      const { fabric, ledger, submissions } = setUp();
      let reads = 0;
      fabric.onEvaluate = () => {
        reads += 1;
        return Promise.resolve(Buffer.from('{"opening":{"endorsers":["BMSP"],"f":1}}'));
      };
      ledger.openings.see(opened({ voters: 4 }));
      expect(reads).toBe(1);
      await Promise.all([vote(ledger), vote(ledger)]);
      expect(reads).toBe(1);
      expect(submissions.map(({ need }) => need.policy)).toEqual(['ballot', 'ballot']);
    });

    it('reads them again when a read failed', async () => {
      const { fabric, ledger, submissions } = setUp();
      fabric.onEvaluate = () => Promise.reject(grpcError(status.UNAVAILABLE, 'away'));
      ledger.openings.see(opened({}));
      await expect(vote(ledger)).rejects.toMatchObject({ code: 'peer-unavailable' });
      fabric.onEvaluate = () => Promise.resolve(Buffer.from('{"opening":{"endorsers":["BMSP"],"f":1}}'));
      await vote(ledger);
      expect(submissions.map(({ need }) => need.policy)).toEqual(['ballot']);
    });

    it.each([
      [{ choice: 'yes' }, false],
      [{ choice: 'yes', consentToProcedure: true }, false],
      [{ choice: 'yes', consentToProcedure: false }, true],
      [{ choice: 'no' }, true],
      [{ choice: 'abstain' }, true],
    ])('tells before it is submitted whether %j may settle something: %s', async (input, settling) => {
      const { fabric, ledger, onVoting } = setUp();
      fabric.onEvaluate = () => Promise.resolve(Buffer.from('{}'));
      await ledger.submit('resolutions:vote', { id: 'r-1', ...input }, 'representative');
      expect(onVoting).toHaveBeenCalledWith('r-1', settling);
    });

    it('does not remember a resolution that is not open yet', async () => {
      const { fabric, ledger, submissions } = setUp();
      let answer = '{}';
      fabric.onEvaluate = () => Promise.resolve(Buffer.from(answer));
      await vote(ledger);
      answer = '{"opening":{"endorsers":["BMSP"],"f":1}}';
      await vote(ledger);
      expect(submissions.map(({ need }) => need.policy)).toEqual(['channel', 'ballot']);
    });

    it('answers an unknown resolution from the read', async () => {
      const { fabric, ledger } = setUp();
      fabric.onEvaluate = () =>
        Promise.reject(grpcError(status.UNKNOWN, `2 UNKNOWN: ${refusal('not-found')}`));
      await expect(vote(ledger)).rejects.toMatchObject({ code: 'not-found' });
    });
  });
});

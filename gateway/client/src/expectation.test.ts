import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { describeProposal, describeTransaction } from './describe.js';
import { expectedProposal, expectedTransaction } from './expectation.js';
import { readProposal } from './proposal.js';
import { ASKED, proposalOf, transactionOf } from './testing/acts.js';
import { readTransaction } from './transaction.js';

const NOT_ASKED = { name: 'NotWhatWasAskedError' };
const MALFORMED = { name: 'MalformedError' };

/** A copy with one byte changed. */
function changedAt(bytes: Uint8Array, place: number, by: number): Uint8Array {
  const copy = bytes.slice();
  const at = place % bytes.length;
  copy[at] = (copy[at]! + by) % 256;
  return copy;
}
const change = fc.record({ place: fc.nat(100_000), by: fc.integer({ min: 1, max: 255 }) });

describe('a proposal', () => {
  it('is read as it was made, whatever its input', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (any) => {
        const input = JSON.parse(JSON.stringify(any)) as unknown;
        const asked = { ...ASKED, input };
        const content = await expectedProposal(proposalOf(asked), asked);
        expect(content).toMatchObject({ channel: 'umlauf', transaction: 'resolutions:vote' });
        expect(content.input).toEqual(input);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['channel', { channel: 'other' }],
    ['chaincode', { chaincode: 'other' }],
    ['function', { transaction: 'resolutions:withdraw' }],
    ['input', { input: { id: 'admission-bavaria', choice: 'no' } }],
    ['input', { input: { id: 'admission-bavaria', choice: 'yes', more: null } }],
    ['organization', { mspId: 'OtherMSP' }],
    ['certificate', { certificate: ASKED.certificate.replace('MIIB', 'MIIC') }],
  ])('of another %s is refused', async (part, other) => {
    await expect(expectedProposal(proposalOf({ ...ASKED, ...other }), ASKED)).rejects.toMatchObject({
      ...NOT_ASKED,
      part,
    });
  });

  it('with any byte changed is refused, or says the same but for its time', async () => {
    const bytes = proposalOf();
    const { at: _at, proposalHash: _hash, ...said } = await readProposal(bytes);
    await fc.assert(
      fc.asyncProperty(change, async ({ place, by }) => {
        const content = await expectedProposal(changedAt(bytes, place, by), ASKED).catch(() => undefined);
        if (content) expect(content).toMatchObject(said);
      }),
      { numRuns: 500 },
    );
  });

  it('of another time than now is refused', async () => {
    const bytes = proposalOf();
    vi.useFakeTimers({ now: Date.now() + 16 * 60_000, toFake: ['Date'] });
    try {
      await expect(expectedProposal(bytes, ASKED)).rejects.toMatchObject({ ...NOT_ASKED, part: 'time' });
    } finally {
      vi.useRealTimers();
    }
  });

  it('is shown in words, with nothing that hides or reorders them', async () => {
    const input = { id: 'admission-bavaria', choice: 'yes', note: 'a\u202eb\u0007' };
    const text = describeProposal(await readProposal(proposalOf({ ...ASKED, input })));
    expect(text).toContain('Act: resolutions:vote\n  id: "admission-bavaria"\n  choice: "yes"');
    expect(text).toContain('Signed as: ItdzBerlinMSP\nChannel: umlauf, chaincode: cooperative');
    expect(text).not.toMatch(/[\u202e\u0007]/);
  });
});

describe('a transaction', () => {
  it('says who endorsed it, and what is read and written', async () => {
    const proposal = proposalOf();
    const content = await expectedTransaction(transactionOf(proposal), proposal);
    expect(content.endorsers).toEqual(['ItdzBerlinMSP', 'BundesdruckereiMSP']);
    expect(content.reads).toEqual([
      {
        namespace: 'cooperative',
        key: 'resolution/admission-bavaria',
        version: { block: 12n, transaction: 0n },
      },
    ]);
    expect(describeTransaction(content)).toContain('Writes ballot / admission-bavaria: {"choice":"yes"}');
  });

  it('of another proposal is refused', async () => {
    const proposal = proposalOf();
    await expect(expectedTransaction(transactionOf(proposalOf()), proposal)).rejects.toMatchObject({
      ...NOT_ASKED,
      part: 'proposal',
    });
  });

  it('that writes for another chaincode is refused', async () => {
    const proposal = proposalOf();
    const bytes = transactionOf(proposal, { namespace: '_lifecycle' });
    await expect(expectedTransaction(bytes, proposal)).rejects.toMatchObject(NOT_ASKED);
  });

  it.each([
    ['a response of another proposal', { response: (p) => p.setProposalHash(Buffer.alloc(32)) }],
    ['a refusal', { action: (a) => a.getResponse()!.setStatus(500) }],
    ['another chaincode', { action: (a) => a.getChaincodeId()!.setName('other') }],
  ] satisfies [string, Parameters<typeof transactionOf>[1]][])(
    'with %s is refused',
    async (_what, answer) => {
      const proposal = proposalOf();
      await expect(expectedTransaction(transactionOf(proposal, answer), proposal)).rejects.toMatchObject(
        MALFORMED,
      );
    },
  );

  it('with any byte changed is refused, or says the same but for what its endorsers signed', async () => {
    const proposal = proposalOf();
    const bytes = transactionOf(proposal);
    const { channel, chaincode, transaction, input, creator, transactionId, proposalHash } =
      await readTransaction(bytes);
    const said = { channel, chaincode, transaction, input, creator, transactionId, proposalHash };
    await fc.assert(
      fc.asyncProperty(change, async ({ place, by }) => {
        const content = await expectedTransaction(changedAt(bytes, place, by), proposal).catch(
          () => undefined,
        );
        if (content) expect(content).toMatchObject(said);
      }),
      { numRuns: 500 },
    );
  });
});

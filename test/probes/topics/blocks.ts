/** Blocks as they are delivered: whole, filtered, replayed, refused. */
import { common, peer } from '@hyperledger/fabric-protos';
import {
  blockDataHash,
  blockEnvelopes,
  blockHeaderHash,
  decodeEnvelope,
  lastConfigIndex,
} from 'umlauf-channel';
import { failure, outcome } from '../failure.js';
import type { Json } from '../json.js';
import type { Topic } from '../probe.js';
import { codeName, text } from '../stage.js';
import { forging, take, unknownChannel } from '../streams.js';

export const blocks: Topic = {
  'from the first on': async (stage) => {
    const blocks = await take(stage.network().getBlockEvents({ startBlock: 0n }), 3);
    return blocks.map((block, index) => ({
      number: block.getHeader()!.getNumber(),
      // Not how many: which of the first approvals share a block is a matter of moments.
      types: [
        ...new Set(blockEnvelopes(block).map((envelope) => decodeEnvelope(envelope).channelHeader.getType())),
      ],
      data: equal(block.getHeader()!.getDataHash_asU8(), blockDataHash(blockEnvelopes(block))),
      chained:
        index === 0 ||
        equal(block.getHeader()!.getPreviousHash_asU8(), blockHeaderHash(blocks[index - 1]!.getHeader()!)),
    }));
  },
  'what their metadata hold': async (stage) => {
    const { block } = await stage.submit('put', ['metadata-key', 'x']);
    const [told] = await take(stage.network().getBlockEvents({ startBlock: block }), 1);
    const metadata = told!.getMetadata()!.getMetadataList_asU8();
    const index = common.BlockMetadataIndex;
    const signatures = common.Metadata.deserializeBinary(metadata[index.SIGNATURES]!);
    const hash = common.Metadata.deserializeBinary(metadata[index.COMMIT_HASH]!);
    return {
      entries: metadata.length,
      codes: [...metadata[index.TRANSACTIONS_FILTER]!],
      lastConfig: lastConfigIndex(told!),
      commitHash: hash.getValue_asU8().length,
      identifiers: signatures
        .getSignaturesList()
        .map((signature) => signature.getSignatureHeader_asU8().length),
      lastConfigEntry: metadata[index.LAST_CONFIG]!.length > 0,
    };
  },
  'the same at every organization': async (stage) => {
    const { block } = await stage.submit('put', ['same-block', 'x']);
    const told = await Promise.all(
      [1, 2, 3, 4].map((number) => take(stage.network(number).getBlockEvents({ startBlock: block }), 1)),
    );
    const [first] = told[0]!;
    const data = (read: common.Block) => Buffer.from(read.getData()!.serializeBinary());
    return told.map(([read]) => ({
      header: equal(read!.getHeader()!.serializeBinary(), first!.getHeader()!.serializeBinary()),
      data: equal(data(read!), data(first!)),
      codes: equal(codesOf(read!), codesOf(first!)),
      commitHash: equal(metadataOf(read!, 4), metadataOf(first!, 4)),
    }));
  },
  'of the next one': async (stage) => {
    const told = take(stage.network().getBlockEvents({ startBlock: BigInt(await stage.height()) }), 1);
    const { block } = await stage.submit('put', ['next-block', 'x']);
    return BigInt((await told)[0]!.getHeader()!.getNumber()) === block;
  },
  'beyond the next one': async (stage) =>
    failureText(take(stage.network().getBlockEvents({ startBlock: BigInt((await stage.height()) + 5) }), 1)),
  'of an unknown channel': (stage) =>
    failureText(take(unknownChannel(stage).getBlockEvents({ startBlock: 0n }), 1)),
  'with a forged signature': (stage) =>
    failureText(take(stage.network(1, forging(stage)).getBlockEvents({ startBlock: 0n }), 1)),
  filtered: async (stage) => {
    const { block, transactionId } = await stage.submit('emit', ['filtered', 'secret']);
    await stage.submit('put', ['filtered-invalid', 'x'], { endorsers: [1] });
    const told = await take(stage.network().getFilteredBlockEvents({ startBlock: block }), 2);
    return told.map((filtered) => described(filtered, transactionId));
  },
  'filtered, the genesis block': async (stage) => {
    const [told] = await take(stage.network().getFilteredBlockEvents({ startBlock: 0n }), 1);
    return described(told!, '');
  },
  'filtered, beyond the next one': async (stage) => {
    const startBlock = BigInt((await stage.height()) + 5);
    return failureText(take(stage.network().getFilteredBlockEvents({ startBlock }), 1));
  },
  'with private data': async (stage) => {
    const { block } = await stage.submit('put', ['private-data', 'x']);
    return outcome(
      take(stage.network().getBlockAndPrivateDataEvents({ startBlock: block }), 1).then(([told]) => ({
        block: BigInt(told!.getBlock()!.getHeader()!.getNumber()) === block,
        private: told!.getPrivateDataMapMap().getLength(),
      })),
    );
  },
};

function described(filtered: peer.FilteredBlock, known: string): Json {
  return {
    channel: filtered.getChannelId(),
    transactions: filtered.getFilteredTransactionsList().map((transaction) => ({
      known: transaction.getTxid() === known,
      type: transaction.getType(),
      code: codeName(transaction.getTxValidationCode()),
      events: (transaction.getTransactionActions()?.getChaincodeActionsList() ?? []).map((action) => {
        const event = action.getChaincodeEvent();
        return `${event?.getChaincodeId() ?? ''} ${event?.getEventName() ?? ''} ${text(event?.getPayload_asU8() ?? new Uint8Array())}`;
      }),
    })),
  };
}

/** The client library makes an error of its own from the status that ends a stream of blocks. */
async function failureText(call: Promise<unknown>): Promise<Json> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return failure(Promise.reject(error));
    return String(error);
  }
  return 'succeeded';
}

const metadataOf = (block: common.Block, index: number): Uint8Array =>
  block.getMetadata()!.getMetadataList_asU8()[index]!;

const codesOf = (block: common.Block): Uint8Array =>
  metadataOf(block, common.BlockMetadataIndex.TRANSACTIONS_FILTER);

const equal = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

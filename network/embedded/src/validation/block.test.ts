import { common, peer } from '@hyperledger/fabric-protos';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSigner, newBlock } from 'umlauf-channel';
import type { OrganizationMaterial, Signer } from 'umlauf-channel';
import { Channel } from '../channel.js';
import { TransientStore } from '../endorsement/transient-store.js';
import { Code, codeName } from '../protocol/codes.js';
import { codesOf } from '../protocol/envelope.js';
import { memoryStore } from '../store/memory.js';
import { CHANNEL, genesis, organization, organizations, userSigner } from '../testing/consortium.js';
import { transactionBytes } from '../testing/transaction.js';
import type { TransactionParts } from '../testing/transaction.js';

// The namespace _lifecycle is there without being deployed; its policy asks for a majority of the organizations.
const NAMESPACE = '_lifecycle';

let members: OrganizationMaterial[];
let genesisBlock: common.Block;
let channel: Channel;
let creator: Signer;
let peers: Signer[];

beforeAll(async () => {
  members = await organizations(4);
  genesisBlock = genesis(members);
  creator = userSigner(members[0]!);
  peers = members.map((member) => createSigner(member.peer.signing, member.mspId));
});

beforeEach(async () => {
  channel = await Channel.open(genesisBlock, memoryStore(), new TransientStore());
});

const write = (key: string, value = 'x'): TransactionParts['record'] => {
  return (builder) => builder.write(NAMESPACE, key, Buffer.from(value));
};

const transaction = (parts: Partial<TransactionParts> = {}): Uint8Array =>
  transactionBytes({
    creator,
    endorsers: peers.slice(0, 3),
    channelId: CHANNEL,
    chaincode: NAMESPACE,
    record: write('key'),
    ...parts,
  });

/** Delivers a block and tells what became of its transactions. */
async function deliver(...envelopes: Uint8Array[]): Promise<string[]> {
  const { ledger } = channel;
  const block = newBlock(ledger.height, ledger.lastHash, envelopes);
  await channel.deliver(block);
  return [...codesOf(block)].map(codeName);
}

describe('a transaction', () => {
  test('with everything in order is valid', async () => {
    expect(await deliver(transaction())).toEqual(['VALID']);
  });

  const spoiled: [string, string, () => Partial<TransactionParts>][] = [
    [
      'signed by its creator over something else',
      'BAD_CREATOR_SIGNATURE',
      () => ({
        changeEnvelope: (envelope) => envelope.setSignature(creator.sign(Buffer.from('else'))),
      }),
    ],
    [
      'with an id of its own invention',
      'BAD_PROPOSAL_TXID',
      () => ({
        changeHeader: (header) => header.setTxId('00'.repeat(32)),
      }),
    ],
    [
      'of an unknown type',
      'BAD_COMMON_HEADER',
      () => ({
        changeHeader: (header) => header.setType(common.HeaderType.DELIVER_SEEK_INFO),
      }),
    ],
    [
      'of a type that has no place in a block',
      'UNSUPPORTED_TX_PAYLOAD',
      () => ({
        changeHeader: (header) => header.setType(common.HeaderType.CONFIG_UPDATE),
      }),
    ],
    ['of another epoch', 'BAD_COMMON_HEADER', () => ({ changeHeader: (header) => header.setEpoch(1) })],
    [
      'whose endorsements are for another proposal',
      'INVALID_ENDORSER_TRANSACTION',
      () => ({
        changeResponse: (response) => response.setProposalHash(Buffer.alloc(32)),
      }),
    ],
    [
      'of a chaincode that is not defined',
      'INVALID_CHAINCODE',
      () => ({
        chaincode: 'absent',
        record: (builder) => builder.write('absent', 'key', Buffer.from('x')),
      }),
    ],
    [
      'that writes into a chaincode that is not defined',
      'INVALID_CHAINCODE',
      () => ({
        record: (builder) => builder.write('absent', 'key', Buffer.from('x')),
      }),
    ],
    [
      'whose action names another chaincode',
      'INVALID_CHAINCODE',
      () => ({
        changeAction: (action) => action.getChaincodeId()?.setName('other'),
      }),
    ],
    [
      'whose action names no version',
      'INVALID_CHAINCODE',
      () => ({
        changeAction: (action) => action.getChaincodeId()?.setVersion(''),
      }),
    ],
    [
      "with another chaincode's event",
      'INVALID_OTHER_REASON',
      () => ({
        changeAction: (action) => {
          const event = new peer.ChaincodeEvent();
          event.setChaincodeId('other');
          action.setEvents(event.serializeBinary());
        },
      }),
    ],
    [
      'with one namespace twice',
      'ILLEGAL_WRITESET',
      () => ({
        changeResults: (results) => {
          const [entry] = results.getNsRwsetList();
          if (entry !== undefined) results.addNsRwset(entry.clone());
        },
      }),
    ],
    [
      'whose results can not be read',
      'BAD_RWSET',
      () => ({
        changeAction: (action) => action.setResults(Buffer.from([0xff, 0xff])),
      }),
    ],
    ['with too few endorsements', 'ENDORSEMENT_POLICY_FAILURE', () => ({ endorsers: peers.slice(0, 2) })],
    [
      'with one endorsement three times',
      'ENDORSEMENT_POLICY_FAILURE',
      () => ({
        endorsers: [peers[0]!, peers[0]!, peers[0]!],
      }),
    ],
    ['endorsed by clients', 'ENDORSEMENT_POLICY_FAILURE', () => ({ endorsers: members.map(userSigner) })],
    [
      'that read another version',
      'MVCC_READ_CONFLICT',
      () => ({
        record: (builder) => {
          builder.read(NAMESPACE, 'key', { block: 7, transaction: 0 });
          write('key')(builder);
        },
      }),
    ],
  ];

  test.each(spoiled)('%s is %s', async (_description, code, parts) => {
    expect(await deliver(transaction(parts()))).toEqual([code]);
    expect(channel.ledger.view().get(NAMESPACE, 'key')).toBeUndefined();
  });

  test('by a stranger is refused', async () => {
    const stranger = createSigner((await organization(9)).admin, 'Org9MSP');
    expect(await deliver(transaction({ creator: stranger }))).toEqual(['BAD_CREATOR_SIGNATURE']);
  });

  test.each([
    ['INVALID_OTHER_REASON', Uint8Array.of(0xff, 0xff)],
    ['BAD_COMMON_HEADER', new Uint8Array()],
    ['BAD_PAYLOAD', Uint8Array.of(0x0a, 2, 0xff, 0xff)],
  ])('that is no transaction at all is %s', async (code, bytes) => {
    expect(await deliver(bytes, transaction())).toEqual([code, 'VALID']);
  });
});

describe('transactions with one id', () => {
  test('in one block: the first one counts', async () => {
    const bytes = transaction();
    expect(await deliver(bytes, bytes)).toEqual(['VALID', 'DUPLICATE_TXID']);
  });

  test('in later blocks are duplicates, and the first one stays in the index', async () => {
    const bytes = transaction();
    await deliver(bytes);
    expect(await deliver(bytes)).toEqual(['DUPLICATE_TXID']);
    const id = common.ChannelHeader.deserializeBinary(
      common.Payload.deserializeBinary(common.Envelope.deserializeBinary(bytes).getPayload_asU8())
        .getHeader()!
        .getChannelHeader_asU8(),
    ).getTxId();
    expect(channel.ledger.transaction(id)).toEqual({ block: 1, index: 0, code: Code.VALID });
  });
});

describe('within a block', () => {
  test('an invalid transaction leaves no trace for the next', async () => {
    const reader: TransactionParts['record'] = (builder) => {
      builder.read(NAMESPACE, 'key', undefined);
      write('other')(builder);
    };
    const invalid = transaction({ endorsers: peers.slice(0, 1) });
    expect(await deliver(invalid, transaction({ record: reader }))).toEqual([
      'ENDORSEMENT_POLICY_FAILURE',
      'VALID',
    ]);
  });

  test('a key that an earlier transaction has written is no longer what was read', async () => {
    const reader: TransactionParts['record'] = (builder) => builder.read(NAMESPACE, 'key', undefined);
    expect(await deliver(transaction(), transaction({ record: reader }))).toEqual([
      'VALID',
      'MVCC_READ_CONFLICT',
    ]);
  });

  test('metadata alone keep the value, a value alone keeps the metadata', async () => {
    const own: TransactionParts['record'] = (builder) => {
      builder.writeMetadata(NAMESPACE, 'key', new Map([['note', Buffer.from('kept')]]));
    };
    await deliver(transaction());
    await deliver(transaction({ record: own }));
    await deliver(transaction({ record: write('key', 'y') }));
    const entry = channel.ledger.view().get(NAMESPACE, 'key');
    expect(Buffer.from(entry?.value ?? []).toString()).toBe('y');
    expect(Buffer.from(entry?.metadata ?? []).includes('kept')).toBe(true);
    expect(entry?.version).toEqual({ block: 3, transaction: 0 });
  });

  test('metadata of a key that is not there go nowhere', async () => {
    const record: TransactionParts['record'] = (builder) => {
      builder.writeMetadata(NAMESPACE, 'absent', new Map([['note', Buffer.from('x')]]));
    };
    expect(await deliver(transaction({ record }))).toEqual(['VALID']);
    expect(channel.ledger.view().get(NAMESPACE, 'absent')).toBeUndefined();
  });
});

test('two channels that are given the same blocks come to the same commit hash', async () => {
  const other = await Channel.open(genesisBlock, memoryStore(), new TransientStore());
  const hashes: string[] = [];
  const envelopes = [transaction(), transaction({ endorsers: [] })];
  for (const { ledger, deliver: take } of [channel, other].map((one) => ({
    ledger: one.ledger,
    deliver: (block: common.Block) => one.deliver(block),
  }))) {
    const block = newBlock(ledger.height, ledger.lastHash, envelopes);
    await take(block);
    const bytes = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.COMMIT_HASH];
    hashes.push(Buffer.from(bytes ?? []).toString('hex'));
  }
  expect(hashes[0]).not.toBe('');
  expect(hashes[0]).toBe(hashes[1]);
});

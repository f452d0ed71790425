import { status } from '@grpc/grpc-js';
import { common, peer } from '@hyperledger/fabric-protos';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { describe, expect, it } from 'vitest';
import { FakeFabric, grpcError } from '../testing/fake-fabric.js';
import type { Call } from './client.js';
import { LedgerLookup } from './transactions.js';

function processed(validationCode: number, at: Date): Uint8Array {
  const timestamp = new Timestamp();
  timestamp.fromDate(at);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setTimestamp(timestamp);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  const transaction = new peer.ProcessedTransaction();
  transaction.setTransactionenvelope(envelope);
  transaction.setValidationcode(validationCode);
  return transaction.serializeBinary();
}

function block(number: number): Uint8Array {
  const header = new common.BlockHeader();
  header.setNumber(number);
  const result = new common.Block();
  result.setHeader(header);
  return result.serializeBinary();
}

function lookupOf(answers: Record<string, () => Uint8Array>) {
  const fabric = new FakeFabric();
  const calls: (Call & { mspId: string | undefined })[] = [];
  fabric.onEvaluate = (call, mspId) => {
    calls.push({ ...call, mspId });
    return new Promise((resolve) => resolve(answers[call.transaction]!()));
  };
  return { lookup: new LedgerLookup(fabric, 'main'), calls };
}

describe('LedgerLookup', () => {
  it('finds a transaction with its code, block and time', async () => {
    const at = new Date('2021-02-26T10:00:00.000Z');
    const { lookup, calls } = lookupOf({
      GetTransactionByID: () => processed(11, at),
      GetBlockByTxID: () => block(42),
    });
    await expect(lookup.transaction('abc')).resolves.toMatchObject({
      transactionId: 'abc',
      validationCode: 11,
      blockNumber: 42n,
      timestampMs: at.getTime(),
    });
    expect(calls.map((call) => [call.chaincode, ...call.arguments])).toEqual([
      ['qscc', 'main', 'abc'],
      ['qscc', 'main', 'abc'],
    ]);
  });

  it('tells an unknown id from a failure', async () => {
    const failing = (message: string) => () => {
      throw grpcError(status.UNKNOWN, message);
    };
    const unknown = failing(
      '2 UNKNOWN: evaluate call to endorser returned error: chaincode response 500, Failed to get transaction with id abc, error no such transaction ID [abc] in index',
    );
    await expect(
      lookupOf({ GetTransactionByID: unknown, GetBlockByTxID: unknown }).lookup.transaction('abc'),
    ).resolves.toBeUndefined();
    const broken = failing('2 UNKNOWN: chaincode response 500, leveldb: closed');
    await expect(
      lookupOf({ GetTransactionByID: broken, GetBlockByTxID: broken }).lookup.transaction('abc'),
    ).rejects.toThrow('leveldb');
  });

  it('asks another organization’s peer for its height', async () => {
    const info = new common.BlockchainInfo();
    info.setHeight(9);
    const { lookup, calls } = lookupOf({ GetChainInfo: () => info.serializeBinary() });
    await expect(lookup.height('BMSP')).resolves.toBe(9n);
    expect(calls[0]?.mspId).toBe('BMSP');
  });
});

/** Fabric's transaction context over the ledger in memory, as far as the chaincode uses it. */
import { common, peer } from '@hyperledger/fabric-protos';
import {
  QueryChaincodeDefinitionArgs,
  QueryChaincodeDefinitionResult,
} from '@hyperledger/fabric-protos/lib/peer/lifecycle/lifecycle_pb';
import type { Context } from 'fabric-contract-api';
import { compositeKey, rangeOf } from '../domain/composite-key';
import type { Simulation } from './fake-ledger';

const CHAINCODE_NAME = 'umlauf';
const CHANNEL = 'cooperative';

export interface Creator {
  readonly mspId: string;
  readonly certificate: string;
  /** The attribute `umlauf.role` of the certificate. */
  readonly attribute?: string;
}

export interface FakeEvent {
  name: string;
  payload: string;
}

function signedProposal(): unknown {
  const id = new peer.ChaincodeID();
  id.setName(CHAINCODE_NAME);
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(id);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setExtension$(extension.serializeBinary());
  return { proposal: { header: { channelHeader } } };
}

function lifecycle(args: string[], organizations: ReadonlyMap<string, boolean>) {
  const query = QueryChaincodeDefinitionArgs.deserializeBinary(Buffer.from(args[1] ?? '', 'utf8'));
  if (args[0] !== 'QueryChaincodeDefinition' || query.getName() !== CHAINCODE_NAME)
    return { status: 500, message: 'namespace is not defined', payload: Buffer.alloc(0) };
  const result = new QueryChaincodeDefinitionResult();
  for (const [mspId, approved] of organizations) result.getApprovalsMap().set(mspId, approved);
  return { status: 200, message: '', payload: Buffer.from(result.serializeBinary()) };
}

async function* iterate<T>(values: readonly T[]): AsyncGenerator<T> {
  for (const value of values) yield await Promise.resolve(value);
}

/**
 * @param emit is told the one event that the transaction sets
 * @param log is told what the contract logs as an error
 */
export function fakeContext(
  simulation: Simulation,
  organizations: ReadonlyMap<string, boolean>,
  creator: Creator,
  emit: (event: FakeEvent) => void,
  log: (...words: unknown[]) => void = () => undefined,
): Context {
  const entry = ([key, value]: [string, Buffer]) => ({ key, value });
  const stub = {
    getTxID: () => simulation.txId,
    getChannelID: () => CHANNEL,
    getDateTimestamp: () => new Date(simulation.milliseconds),
    getSignedProposal: signedProposal,
    getState: (key: string) => Promise.resolve(simulation.get(key)),
    putState: (key: string, value: Uint8Array) => {
      simulation.put(key, value);
      return Promise.resolve();
    },
    deleteState: (key: string) => {
      simulation.put(key, Buffer.alloc(0));
      return Promise.resolve();
    },
    setStateValidationParameter: (key: string, policy: Uint8Array) => {
      simulation.protect(key, policy);
      return Promise.resolve();
    },
    getStateByPartialCompositeKey: (type: string, parts: string[]) => {
      const { start, end } = rangeOf({ type, parts });
      return iterate(simulation.range(start, end).map(entry));
    },
    getStateByPartialCompositeKeyWithPagination: (
      type: string,
      parts: string[],
      limit: number,
      bookmark: string,
    ) => {
      const { end } = rangeOf({ type, parts });
      const start = bookmark === '' ? compositeKey({ type, parts }) : bookmark;
      const { entries, bookmark: next } = simulation.page(start, end, limit);
      const iterator = iterate(entries.map(entry));
      return Promise.resolve({
        iterator: { next: () => iterator.next(), close: () => Promise.resolve() },
        // An empty page's metadata has no bytes in protobuf, which the shim takes for absence.
        ...(entries.length > 0 && { metadata: { bookmark: next, fetchedRecordsCount: entries.length } }),
      });
    },
    getHistoryForKey: (key: string) =>
      iterate(
        simulation.history(key).map(({ txId, milliseconds, isDelete, value }) => ({
          txId,
          isDelete,
          value,
          timestamp: { seconds: Math.floor(milliseconds / 1000), nanos: (milliseconds % 1000) * 1e6 },
        })),
      ),
    invokeChaincode: (name: string, args: string[], channel: string) =>
      name === '_lifecycle' && channel === CHANNEL
        ? Promise.resolve(lifecycle(args, organizations))
        : Promise.reject(new Error(`unknown chaincode ${name}`)),
    setEvent: (name: string, payload: Uint8Array) =>
      emit({ name, payload: Buffer.from(payload).toString('utf8') }),
  };
  const clientIdentity = {
    getMSPID: () => creator.mspId,
    getAttributeValue: () => creator.attribute ?? null,
    getIDBytes: () => Buffer.from(creator.certificate),
  };
  const logging = { getLogger: () => ({ error: log }) };
  return { stub, clientIdentity, logging } as unknown as Context;
}

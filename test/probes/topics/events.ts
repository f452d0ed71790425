/** Chaincode events: order, replay, and what ends them. */
import type { ChaincodeEvent } from '@hyperledger/fabric-gateway';
import { outcome } from '../failure.js';
import { CHAINCODE } from '../networks/network.js';
import type { Topic } from '../probe.js';
import { text, type Committed, type Stage } from '../stage.js';
import { forging, take, unknownChannel, untilEnd } from '../streams.js';

const shown = ({ eventName, payload }: Pick<ChaincodeEvent, 'eventName' | 'payload'>): string =>
  `${eventName}: ${text(payload)}`;

const emit = (stage: Stage, name: string, payload: string, endorsers?: number[]): Promise<Committed> =>
  stage.submit('emit', [name, payload], endorsers ? { endorsers } : {});

/** Several transactions in one block, each with an event. */
const emitTogether = (stage: Stage, names: readonly string[]): Promise<Committed[]> =>
  stage.releaseTogether(async () => {
    const held = [];
    for (const name of names) held.push(await stage.hold('emit', [name, 'x']));
    return held;
  });

const follow = (
  stage: Stage,
  startBlock: bigint,
  options: { by?: number; afterTransactionId?: string } = {},
) => {
  const { by = 1, afterTransactionId } = options;
  const checkpoint = {
    getBlockNumber: () => startBlock,
    getTransactionId: () => afterTransactionId,
  };
  return stage.network(by).getChaincodeEvents(CHAINCODE, { checkpoint });
};

export const events: Topic = {
  'in the order of the blocks': async (stage) => {
    const { block } = await emit(stage, 'first', 'one');
    await stage.submit('put', ['between-events', 'x']);
    await emit(stage, 'second', 'zwei ü');
    const told = await take(follow(stage, block), 2);
    return told.map(({ chaincodeName, ...event }) => [chaincodeName, shown(event)]);
  },
  'in the order of a block': async (stage) => {
    const [first] = await emitTogether(stage, ['a', 'b']);
    return (await take(follow(stage, first!.block), 2)).map(shown);
  },
  'at another organization': async (stage) => {
    const { block, transactionId } = await emit(stage, 'elsewhere', 'x');
    const [event] = await take(follow(stage, block, { by: 3 }), 1);
    return {
      event: shown(event!),
      id: event!.transactionId === transactionId,
      block: event!.blockNumber === block,
    };
  },
  live: async (stage) => {
    const stream = await stage.network(2).getChaincodeEvents(CHAINCODE, {
      startBlock: BigInt(await stage.height(2)),
    });
    const told = take(Promise.resolve(stream), 2);
    await emit(stage, 'live', '1');
    await emit(stage, 'live', '2');
    return (await told).map(shown);
  },
  'from a block that is still to come': async (stage) => {
    const startBlock = BigInt((await stage.height()) + 1);
    const told = take(follow(stage, startBlock), 1);
    await emit(stage, 'too-early', '1');
    await emit(stage, 'awaited', '2');
    return (await told).map(shown);
  },
  'after a transaction, within its block': async (stage) => {
    const [first] = await emitTogether(stage, ['before', 'after']);
    const { block, transactionId } = first!;
    return (await take(follow(stage, block, { afterTransactionId: transactionId }), 1)).map(shown);
  },
  'after the last transaction of a block': async (stage) => {
    const { block, transactionId } = await emit(stage, 'last', 'x');
    await emit(stage, 'next', 'y');
    return (await take(follow(stage, block, { afterTransactionId: transactionId }), 1)).map(shown);
  },
  'after a transaction, from a later block': async (stage) => {
    const { transactionId } = await emit(stage, 'checkpoint', 'x');
    await emit(stage, 'skipped', 'y');
    const { block } = await emit(stage, 'from-here', 'z');
    return (await take(follow(stage, block, { afterTransactionId: transactionId }), 1)).map(shown);
  },
  'after an unknown transaction': async (stage) => {
    const { block } = await emit(stage, 'unknown-checkpoint', 'x');
    const quick = stage.network(1, { deadline: 300 });
    const checkpoint = { getBlockNumber: () => block, getTransactionId: () => '00'.repeat(32) };
    return untilEnd(quick.getChaincodeEvents(CHAINCODE, { checkpoint }), shown);
  },
  'only the last of a transaction': async (stage) => {
    const { block } = await stage.submit('emitTwice', ['one', 'two']);
    await emit(stage, 'behind', 'x');
    return (await take(follow(stage, block), 2)).map(shown);
  },
  'none of an invalid transaction': async (stage) => {
    const { block, code } = await emit(stage, 'invalid', 'x', [1]);
    await emit(stage, 'valid', 'y');
    return [code, ...(await take(follow(stage, block), 1)).map(shown)];
  },
  'without a name': (stage) => outcome(emit(stage, '', 'x').then(({ code }) => code)),
  'without a payload': async (stage) => {
    const { block } = await emit(stage, 'empty', '');
    return (await take(follow(stage, block), 1)).map(shown);
  },
  'of an unknown chaincode': async (stage) =>
    untilEnd(stage.network(1, { deadline: 300 }).getChaincodeEvents('absent', { startBlock: 0n }), shown),
  'of an unknown channel': async (stage) =>
    untilEnd(unknownChannel(stage).getChaincodeEvents(CHAINCODE), shown),
  'with a forged signature': async (stage) =>
    untilEnd(stage.network(1, forging(stage)).getChaincodeEvents(CHAINCODE), shown),
};

/** Reads blocks in order and waits for those to come (Fabric: the block store's iterator). */
import type { common } from '@hyperledger/fabric-protos';
import type { Ledger } from './ledger.js';

/** Yields blocks from a number on, without end, until the signal is given. */
export async function* blocksFrom(
  ledger: Ledger,
  start: number,
  stop: AbortSignal,
): AsyncGenerator<common.Block, void, undefined> {
  for (let number = start; ; number += 1) {
    await reached(ledger, number, stop);
    const block = ledger.block(number);
    if (stop.aborted || block === undefined) return;
    yield block;
  }
}

function reached(ledger: Ledger, number: number, stop: AbortSignal): Promise<void> {
  if (number < ledger.height || stop.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      unsubscribe();
      stop.removeEventListener('abort', done);
      resolve();
    };
    const unsubscribe = ledger.onCommit(() => {
      if (number < ledger.height) done();
    });
    stop.addEventListener('abort', done, { once: true });
  });
}

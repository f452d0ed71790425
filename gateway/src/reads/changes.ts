/** What a block changed, as far as it is cheap to know and shown by what the block itself says was written. */
import { StatusCode } from '@hyperledger/fabric-gateway';
import { keys } from 'umlauf-chaincode/api';
import type { SeenBlock, SeenTransaction } from '../fabric/client.js';

/**
 * Ids of the resolutions that ballots were cast on, where nothing else was written; else everything. Votes are what there
 * is most of, and they write nothing but ballots: the register stays as it was.
 */
export type Changes = 'everything' | ReadonlySet<string>;

const BALLOT = keys.ballot('', '').type;

/** Fabric's composite keys: U+0000, the object type, and each part, each ended by U+0000. */
function votedOn(key: string): string | undefined {
  const [before, type, resolutionId] = key.split('\u0000');
  return before === '' && type === BALLOT ? resolutionId : undefined;
}

/** Not by the facts that a transaction reports: its endorsers may report what they like. */
function changesBy(transaction: SeenTransaction, chaincode: string): Changes {
  if (transaction.config) return 'everything';
  if (transaction.validationCode !== StatusCode.VALID) return new Set();
  try {
    const ids = new Set<string>();
    for (const { namespace, key = '' } of transaction.content().written()) {
      const id = namespace === chaincode ? votedOn(key) : undefined;
      if (id === undefined) return 'everything';
      ids.add(id);
    }
    return ids;
  } catch {
    return 'everything';
  }
}

/** What a block changed. */
export function changesOf({ transactions }: SeenBlock, chaincode: string): Changes {
  const all = new Set<string>();
  for (const transaction of transactions) {
    const changes = changesBy(transaction, chaincode);
    if (changes === 'everything') return changes;
    for (const id of changes) all.add(id);
  }
  return all;
}

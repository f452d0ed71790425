/** What is about to be signed, for a person to read: plain text, one fact a line. */
import { hex } from './bytes.js';
import type { ProposalContent } from './proposal.js';
import type { TransactionContent } from './transaction.js';

/** Control characters, and those that change the direction of what follows: what is shown must be what is there. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const shown = (text: string): string =>
  text.replaceAll(HIDDEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function valueOf(bytes: Uint8Array): string {
  try {
    return shown(utf8.decode(bytes));
  } catch {
    return `0x${hex(bytes)}`;
  }
}

/** Parts of a composite key as they were put together; Fabric separates them by the character 0. */
const keyOf = (key: string): string =>
  shown(
    key
      .split('\u0000')
      .filter((part) => part !== '')
      .join(' / '),
  );

/** The fields of a JSON value, each with its path, in the order of the bytes. */
function fieldsOf(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0)
    return [`  ${shown(path)}: ${shown(JSON.stringify(value))}`];
  return Object.entries(value).flatMap(([name, inner]) =>
    fieldsOf(inner, path === '' ? name : `${path}.${name}`),
  );
}

/** What a proposal says. */
export function describeProposal(content: ProposalContent): string {
  const { channel, chaincode, transaction, input, creator, transactionId, at } = content;
  return [
    `Act: ${shown(transaction)}`,
    ...fieldsOf(input, ''),
    `Signed as: ${shown(creator.mspId)}`,
    `Channel: ${shown(channel)}, chaincode: ${shown(chaincode)}`,
    `Time: ${at.toISOString()}`,
    `Transaction: ${transactionId}`,
  ].join('\n');
}

/** What a transaction says: the act, who endorsed it, and what it leads to. */
export function describeTransaction(content: TransactionContent): string {
  const { endorsers, reads, ranges, writes, metadata, event } = content;
  return [
    describeProposal(content),
    `Endorsed by: ${endorsers.map(shown).join(', ')}`,
    ...reads.map(
      ({ key, version }) =>
        `Reads ${keyOf(key)} ${version ? `as of block ${version.block}` : 'which does not exist'}`,
    ),
    ...ranges.map(({ from, to }) => `Reads all from ${keyOf(from)} to ${keyOf(to)}`),
    ...writes.map(({ key, value }) =>
      value ? `Writes ${keyOf(key)}: ${valueOf(value)}` : `Deletes ${keyOf(key)}`,
    ),
    ...metadata.map(({ key, names }) => `Sets ${names.map(shown).join(', ')} of ${keyOf(key)}`),
    ...(event ? [`Reports ${shown(event.name)}: ${valueOf(event.payload)}`] : []),
  ].join('\n');
}

/**
 * Where a fact stands on the ledger, which is the order that all events have: block, transaction in it, fact in that.
 * It is the same at every member's gateway, so that a reader can go on at another one.
 */

/** A place, or the one that comes next. */
export interface Position {
  readonly block: number;
  /** From 0. */
  readonly transaction: number;
  /** From 0. */
  readonly fact: number;
}

/** Before everything in a block. */
export const startOf = (block: number): Position => ({ block, transaction: 0, fact: 0 });

/** The place after one. */
export const after = ({ block, transaction, fact }: Position): Position => ({
  block,
  transaction,
  fact: fact + 1,
});

/** Negative if `a` is before `b`, 0 if they are the same. */
export const compare = (a: Position, b: Position): number =>
  a.block - b.block || a.transaction - b.transaction || a.fact - b.fact;

/** `12-0-1`: that fact. */
export const idOf = ({ block, transaction, fact }: Position): string => `${block}-${transaction}-${fact}`;

/** Digits that a number keeps exactly. */
const NUMBER = '(0|[1-9]\\d{0,14})';
/** `12-0-1`, or `12` for the whole of a block. */
export const ID_PATTERN = new RegExp(`^${NUMBER}(?:-${NUMBER}-${NUMBER})?$`);

/** The id of what comes last before a place that begins a block; `undefined` within a block and before the first. */
export const idBefore = ({ block, transaction, fact }: Position): string | undefined =>
  transaction === 0 && fact === 0 && block > 0 ? String(block - 1) : undefined;

/** The place after what an id names; `undefined` if it is none. */
export function afterId(id: string): Position | undefined {
  const [, block, transaction, fact] = ID_PATTERN.exec(id) ?? [];
  if (block === undefined) return undefined;
  if (transaction === undefined || fact === undefined) return startOf(Number(block) + 1);
  return after({ block: Number(block), transaction: Number(transaction), fact: Number(fact) });
}

/** Pages of lists, full save where a list says otherwise, with bookmarks that a client can only hand back. */
import { DomainError } from './errors';
import { compositeKey, partsOf } from './composite-key';
import type { Ledger, Prefix } from './ledger';
import type { Page } from './primitives';
import { startOfDay } from './time';

export interface PageRequest {
  readonly limit: number;
  readonly bookmark?: string | undefined;
  /**
   * Entries that a page looks at where a filter isn't in the index; it may then be short, or empty, and go on. For filters
   * that read a lot and let little pass: a peer commits nothing while it reads (Fabric's transaction manager has one lock
   * for both). Default: as many as a full page takes.
   */
  readonly mostRead?: number | undefined;
}

/** Bounds of a range, where its entries are sorted by instants after its prefix. */
export interface Bounds {
  /** Earliest instant. */
  readonly notBefore?: string | undefined;
  /** The instant after the last. */
  readonly before?: string | undefined;
}

/** A first and a last day; open where one is absent. */
export interface Days {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

/** The instants from the beginning of one day to the end of another, each of them whole, in the zone. */
export function daysBetween({ from, until }: Days, zone: string): Bounds {
  return {
    ...(from !== undefined && { notBefore: startOfDay(from, zone) }),
    ...(until !== undefined && { before: startOfDay(until, zone, 1) }),
  };
}

/** @returns the error for a bookmark that no list answered. */
export function invalidBookmark(): DomainError {
  return new DomainError('invalid-input', {
    issues: [{ path: 'bookmark', message: 'must be a bookmark as this list answered it' }],
    more: 0,
  });
}

const encode = (position: string) => Buffer.from(position, 'utf8').toString('base64url');

function decode(bookmark: string): string {
  const bytes = Buffer.from(bookmark, 'base64url');
  const position = bytes.toString('utf8');
  if (bytes.toString('base64url') !== bookmark || encode(position) !== bookmark) throw invalidBookmark();
  return position;
}

const page = <T>(items: T[], next: string | undefined): Page<T> =>
  next === undefined ? { items } : { items, bookmark: encode(next) };

/** One range of the ledger, an item for each entry; only what is shown is read. */
export async function pageOfEntries<E, T>(
  ledger: Ledger,
  prefix: Prefix<E>,
  { limit, bookmark, notBefore, before }: PageRequest & Bounds,
  item: (entry: { parts: readonly string[]; value: E }) => Promise<T>,
): Promise<Page<T>> {
  const { type, parts } = prefix;
  const isWithin = (entry: readonly string[]) => before === undefined || (entry[parts.length] ?? '') < before;
  const first = notBefore === undefined ? undefined : compositeKey({ type, parts: [...parts, notBefore] });
  const { entries, next } = await ledger.page(prefix, limit, bookmark ? decode(bookmark) : first);
  const within = entries.filter((entry) => isWithin(entry.parts));
  const goesOn = next !== undefined && isWithin(partsOf(next));
  return page(await Promise.all(within.map(item)), goesOn ? next : undefined);
}

/** How many entries are read at once where a filter isn't in the index. */
const SCAN = 100;

/** A range of the ledger through a filter: reads on until the page is full and one more is found, or the range ends. */
export async function pageOfMatches<E, T>(
  ledger: Ledger,
  prefix: Prefix<E>,
  { limit, bookmark, mostRead = Infinity }: PageRequest,
  match: (entry: { parts: readonly string[]; value: E }) => Promise<T | undefined>,
): Promise<Page<T>> {
  const items: T[] = [];
  let from = bookmark && decode(bookmark);
  let read = 0;
  do {
    const { entries, next } = await ledger.page(prefix, Math.min(SCAN, mostRead - read), from);
    for (const entry of entries) {
      const item = await match(entry);
      if (item === undefined) continue;
      if (items.length === limit) return page(items, entry.position);
      items.push(item);
    }
    read += entries.length;
    from = next;
  } while (from !== undefined && read < mostRead);
  return page(items, from);
}

/** One of several lists that are shown as one. */
export interface NamedList<T> {
  /** Without a dot. */
  readonly name: string;
  readonly page: (request: PageRequest) => Promise<Page<T>>;
}

const LIST_POSITION = /^([^.]+)(?:\.(.+))?$/;

/** Several lists, one after the other; a bookmark names the list that it goes on in, and nothing before it is read. */
export async function pageOfLists<T>(
  lists: readonly NamedList<T>[],
  { limit, bookmark, mostRead }: PageRequest,
): Promise<Page<T>> {
  const [, first, within] = bookmark === undefined ? [] : (LIST_POSITION.exec(decode(bookmark)) ?? []);
  const from = bookmark === undefined ? 0 : lists.findIndex(({ name }) => name === first);
  if (from < 0) throw invalidBookmark();
  const items: T[] = [];
  for (const [index, list] of lists.slice(from).entries()) {
    const missing = limit - items.length;
    const inner = await list.page({
      limit: Math.max(missing, 1),
      mostRead,
      ...(index === 0 && { bookmark: within }),
    });
    const { length } = inner.items;
    if (missing === 0 && (length > 0 || inner.bookmark !== undefined)) return page(items, list.name);
    if (missing === 0) continue;
    items.push(...inner.items);
    if (inner.bookmark !== undefined) return page(items, `${list.name}.${inner.bookmark}`);
  }
  return { items };
}

/** A computed list; the bookmark is the offset of the next item. */
export function pageOfAll<T>(all: readonly T[], { limit, bookmark }: PageRequest): Page<T> {
  const offset = bookmark === undefined ? 0 : Number(decode(bookmark));
  if (!Number.isSafeInteger(offset) || offset < 0 || (bookmark && encode(String(offset)) !== bookmark))
    throw invalidBookmark();
  const end = offset + limit;
  return page(all.slice(offset, end), end < all.length ? String(end) : undefined);
}

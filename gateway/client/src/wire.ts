/**
 * Reading Protocol Buffers strictly, for bytes that somebody is to sign.
 *
 * A lenient reader passes over fields that it doesn't know and lets the last of two win: what it shows need not be all that
 * the bytes say, nor what another reader makes of them. This one refuses a field that the message isn't said to have, a
 * second value of a field that has one, and a number in more bytes than it needs. So two byte sequences that it reads alike
 * differ at most in the order of their fields.
 */

/** The bytes are not what they should be; the message says where and why. */
export class MalformedError extends Error {
  override readonly name = 'MalformedError';
  /** @param place Name of the message, and of the field where it is known. */
  constructor(
    readonly place: string,
    readonly reason: string,
  ) {
    super(`${place}: ${reason}`);
  }
}

/** How a field is read. */
export interface Kind<T> {
  readonly wireType: 0 | 2;
  empty(): T;
  next(before: T | undefined, value: bigint | Uint8Array, place: string): T;
}

export type Fields = Readonly<Record<string, readonly [number: number, kind: Kind<unknown>]>>;

/** What a message with these fields is read as. */
export type Read<F extends Fields> = {
  readonly [K in keyof F]: F[K][1] extends Kind<infer T> ? T : never;
};

/** A message, by the name under which Fabric's definitions have it. */
export interface Message<F extends Fields> {
  /** @throws {MalformedError} if the bytes are no such message. */
  read(bytes: Uint8Array): Read<F>;
}

const single =
  <T>(convert: (value: never, place: string) => T) =>
  (before: T | undefined, value: bigint | Uint8Array, place: string): T => {
    if (before !== undefined) throw new MalformedError(place, 'is there twice');
    return convert(value as never, place);
  };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(value: Uint8Array, place: string): string {
  try {
    return utf8.decode(value);
  } catch {
    throw new MalformedError(place, 'is no UTF-8');
  }
}

export const bytes: Kind<Uint8Array> = {
  wireType: 2,
  empty: () => new Uint8Array(),
  next: single((value: Uint8Array) => value),
};
export const text: Kind<string> = { wireType: 2, empty: () => '', next: single(textOf) };
export const integer: Kind<bigint> = { wireType: 0, empty: () => 0n, next: single((value: bigint) => value) };
export const flag: Kind<boolean> = {
  wireType: 0,
  empty: () => false,
  next: single((value: bigint, place) => {
    if (value > 1n) throw new MalformedError(place, 'is neither true nor false');
    return value === 1n;
  }),
};

/** A message within a message; `undefined` where there is none. */
export const within = <F extends Fields>(message: Message<F>): Kind<Read<F> | undefined> => ({
  wireType: 2,
  empty: () => undefined,
  next: single((value: Uint8Array) => message.read(value)),
});

/** Any number of messages within a message. */
export const many = <F extends Fields>(message: Message<F>): Kind<readonly Read<F>[]> => ({
  wireType: 2,
  empty: () => [],
  next: (before, value) => [...(before ?? []), message.read(value as Uint8Array)],
});

/** Any number of byte strings. */
export const manyBytes: Kind<readonly Uint8Array[]> = {
  wireType: 2,
  empty: () => [],
  next: (before, value) => [...(before ?? []), value as Uint8Array],
};

/** A variable-length integer and where it ends. */
function varint(from: Uint8Array, start: number, place: string): readonly [value: bigint, end: number] {
  let value = 0n;
  for (let at = start; at < start + 10; at += 1) {
    const byte = from[at];
    if (byte === undefined) throw new MalformedError(place, 'ends too early');
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - start));
    if (byte >= 0x80) continue;
    if (byte === 0 && at > start) throw new MalformedError(place, 'has a number in more bytes than it needs');
    if (value >= 1n << 64n) break;
    return [value, at + 1];
  }
  throw new MalformedError(place, 'has a number that is too large');
}

function lengthDelimited(
  from: Uint8Array,
  start: number,
  place: string,
): readonly [value: Uint8Array, end: number] {
  const [length, begin] = varint(from, start, place);
  if (length > BigInt(from.length - begin)) throw new MalformedError(place, 'ends too early');
  const end = begin + Number(length);
  return [from.subarray(begin, end), end];
}

/** Defines a message: its fields with their numbers; any other is refused. */
export function message<const F extends Fields>(name: string, fields: F): Message<F> {
  const byNumber = new Map(
    Object.entries(fields).map(([field, [number, kind]]) => [BigInt(number), { field, kind }]),
  );
  return {
    read(from) {
      const found: Record<string, unknown> = {};
      for (let at = 0; at < from.length;) {
        const [tag, start] = varint(from, at, name);
        const known = byNumber.get(tag >> 3n);
        if (!known) throw new MalformedError(name, `has a field ${tag >> 3n} that it should not have`);
        const { field, kind } = known;
        const place = `${name}.${field}`;
        if (tag !== ((tag >> 3n) << 3n) + BigInt(kind.wireType))
          throw new MalformedError(place, 'is of another type');
        const [value, end] =
          kind.wireType === 0 ? varint(from, start, place) : lengthDelimited(from, start, place);
        found[field] = kind.next(found[field], value, place);
        at = end;
      }
      for (const [field, [, kind]] of Object.entries(fields)) found[field] ??= kind.empty();
      return found as Read<F>;
    },
  };
}

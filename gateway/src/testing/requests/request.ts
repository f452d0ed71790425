/** A request that was made from the document, and what its answer has to be held to. */
import type { Operation, Parameter } from './document.js';

export interface MadeRequest {
  /** For whoever reads that it failed. */
  readonly what: string;
  /** The document doesn't allow it: it is refused, and has no effect. */
  readonly refused: boolean;
  /** Absent: the document has none for it. */
  readonly operation?: Operation;
  readonly method: string;
  /** Path and query, as on the wire. */
  readonly target: string;
  /** Without `Authorization` the sender adds a token. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: Uint8Array;
}

/** What an operation is asked with: texts of parameters, several for one that is a list, and the JSON text of a body. */
export interface Parts {
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly json?: string;
}

/** A text percent-encoded, whatever it holds; halves of characters as bytes that are no UTF-8. */
const percentEncoded = (text: string): string =>
  [...Buffer.from(text, /\p{Surrogate}/u.test(text) ? 'utf16le' : 'utf8')]
    .map((byte) => (/\w/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${hex(byte)}`))
    .join('');

const hex = (byte: number): string => byte.toString(16).padStart(2, '0').toUpperCase();

const ofPlace = ({ parameters }: Operation, place: Parameter['in']): readonly Parameter[] =>
  parameters.filter((parameter) => parameter.in === place);

/** The request of an operation with these parts. */
export function requestOf(operation: Operation, { parameters, json }: Parts, what: string): MadeRequest {
  const path = ofPlace(operation, 'path').reduce(
    (before, { name }) => before.replace(`{${name}}`, () => percentEncoded(parameters[name]?.[0] ?? '')),
    operation.path,
  );
  const query = ofPlace(operation, 'query').flatMap(({ name }) =>
    (parameters[name] ?? []).map((text) => `${name}=${percentEncoded(text)}`),
  );
  const headers = ofPlace(operation, 'header').flatMap(({ name }) =>
    (parameters[name] ?? []).map((text): readonly [string, string] => [name, text]),
  );
  return {
    what: `${operation.method} ${operation.path}: ${what}`,
    refused: false,
    operation,
    method: operation.method,
    target: query.length === 0 ? path : `${path}?${query.join('&')}`,
    headers: json === undefined ? headers : [...headers, ['Content-Type', 'application/json']],
    ...(json === undefined ? {} : { body: Buffer.from(json) }),
  };
}

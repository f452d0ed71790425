/**
 * Requests that the document does not allow. What is done to a sound one is blind; whether the result is allowed is told
 * by the document's own schemas, and what is allowed after all is left out.
 */
import { gzipSync } from 'node:zlib';
import fc, { type Arbitrary } from 'fast-check';
import type { ApiDocument, JsonSchema, Operation } from './document.js';
import { requestOf, type MadeRequest } from './request.js';
import { soundParts, type SoundParts } from './sound.js';
import { spoiled } from './spoiled.js';
import type { Known } from './values.js';

/** Larger than any gateway of these tests takes. */
const TOO_LARGE_BYTES = 1_100_000;

/** Texts in the place of a parameter. */
const PARAMETERS = [
  ...[' ', '-1', '1.5', '1e2', '0x10', '١٢', '9'.repeat(30), 'A', 'ab', 'x'.repeat(2_000), 'a_b', '-abc'],
  ...['\0', 'a\0b', 'a\r\nSet-Cookie: a=b', 'a\u202eb', '\ud800', '🏛', '../../etc/passwd', '..', '.', '%00'],
  ...['%zz', '__proto__', 'constructor', '{"a":1}', '[]', "'; --", '${jndi:ldap://localhost/x}', 'a,b', '*'],
  ...['2021-02-29', '2021-01-01T00:00:00Z', 'null', 'true'],
] as const;
/** What a header's value can be on the wire; the rest ends the header or the request. */
const IN_HEADER = /^[\t -~\u0080-\u00ff]*$/;

const MEDIA_TYPES = [
  ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'x', '*/*'],
  ...['application/json; charset=latin1', 'application/json; charset=utf-16', 'application/jsonp'],
];
const ENCODINGS = ['gzip', 'deflate', 'br', 'gzip, gzip', 'unheard-of'];

const refusedFor =
  (what: string) =>
  (request: MadeRequest): MadeRequest => ({ ...request, what: `${request.what}, ${what}`, refused: true });

const withHeader = (request: MadeRequest, name: string, value: string): MadeRequest => ({
  ...request,
  headers: [...request.headers.filter(([other]) => other !== name), [name, value]],
});

function parsedOrNot(json: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(json) as unknown };
  } catch {
    return undefined;
  }
}

/** A body that is JSON of something else, or no JSON. */
function brokenBody(document: ApiDocument, operation: Operation, parts: SoundParts): Arbitrary<MadeRequest> {
  return spoiled(parts.body)
    .filter(({ json, forbidden }) => {
      const parsed = parsedOrNot(json);
      return forbidden || !parsed || document.fault(operation.body ?? {}, parsed.value) !== undefined;
    })
    .map(({ json, what }) => refusedFor(what)(requestOf(operation, { ...parts, json }, 'body')));
}

/** What a parameter's text is to its schema: a list of texts for a list, a number for a number. */
function valuesOf(schema: JsonSchema, given: readonly string[]): unknown {
  const [text = '', ...more] = given.map((one) => one.trim());
  if (schema['type'] === 'array') return given;
  if (more.length > 0) return given;
  return schema['type'] === 'integer' && /^\d{1,9}$/.test(text) ? Number(text) : text;
}

/** A parameter with another text, or given twice. */
function brokenParameter(
  document: ApiDocument,
  operation: Operation,
  parts: SoundParts,
): Arbitrary<MadeRequest> {
  return fc
    .tuple(fc.constantFrom(...operation.parameters), fc.constantFrom(...PARAMETERS), fc.boolean())
    .filter(([parameter, text]) => parameter.in !== 'header' || (IN_HEADER.test(text) && text.trim() !== ''))
    .map(([parameter, text, twice]) => ({
      parameter,
      given: twice && parameter.in === 'query' ? [text, text] : [text],
    }))
    .filter(
      ({ parameter, given }) =>
        document.fault(parameter.schema, valuesOf(parameter.schema, given)) !== undefined,
    )
    .map(({ parameter: { name }, given }) => {
      const parameters = { ...parts.parameters, [name]: given };
      return refusedFor(JSON.stringify(given).slice(0, 60))(
        requestOf(operation, { ...parts, parameters }, name),
      );
    });
}

/** A body that isn't read as JSON at all, or that is missing, or that is there where none may be. */
function brokenForm(operation: Operation, parts: SoundParts): Arbitrary<MadeRequest> {
  const request = requestOf(operation, parts, 'form');
  const bodies = (what: string, body: Uint8Array | string): MadeRequest =>
    refusedFor(what)(withHeader({ ...request, body: Buffer.from(body) }, 'Content-Type', 'application/json'));
  if (operation.body === undefined)
    return fc.constantFrom('[]', '{"a":1}', 'null', '{', '\0').map((text) => bodies(text, text));
  const json = Buffer.from(parts.json ?? '');
  const { body: _body, ...bodiless } = request;
  return fc.oneof(
    fc
      .constantFrom(...MEDIA_TYPES)
      .map((type) => refusedFor(type)(withHeader(request, 'Content-Type', type))),
    fc
      .constantFrom(...ENCODINGS)
      .map((encoding) =>
        refusedFor(encoding)(withHeader({ ...request, body: gzipSync(json) }, 'Content-Encoding', encoding)),
      ),
    fc.constant(bodies('no UTF-8', Buffer.from([0x22, 0xff, 0x22]))),
    fc.constant(bodies('UTF-16', Buffer.from(parts.json ?? '', 'utf16le'))),
    ...(operation.bodyRequired ? [fc.constant(refusedFor('none')(bodiless))] : []),
    fc.constant(bodies('too large', Buffer.alloc(TOO_LARGE_BYTES, 0x20))),
  );
}

const QUERIES = ['unheardOf=1', '__proto__=1', 'constructor[prototype]=1', 'a[$ne]=x', 'limit[]=3', '%00=1'];

/** A parameter that the document doesn't have. */
const brokenQuery = (operation: Operation, parts: SoundParts): Arbitrary<MadeRequest> =>
  fc.constantFrom(...QUERIES).map((query) => {
    const request = requestOf(operation, parts, 'query');
    const { target } = request;
    return refusedFor(query)({ ...request, target: `${target}${target.includes('?') ? '&' : '?'}${query}` });
  });

const UNKNOWN_TOKENS = [
  '',
  'Bearer',
  'Bearer a.b.c',
  'Basic YTpi',
  'Bearer e30.e30.',
  `Bearer ${'x'.repeat(9_000)}`,
];

/** A request of nobody known. */
const brokenToken = (operation: Operation, parts: SoundParts): Arbitrary<MadeRequest> =>
  fc
    .constantFrom(...UNKNOWN_TOKENS)
    .map((token) =>
      refusedFor(`token ${token.slice(0, 20)}`)(
        withHeader(requestOf(operation, parts, 'token'), 'Authorization', token),
      ),
    );

/** Another method or another path than the document has. */
function elsewhere(document: ApiDocument, operation: Operation, parts: SoundParts): Arbitrary<MadeRequest> {
  const methods = new Set(
    document.operations.filter(({ path }) => path === operation.path).map(({ method }) => method),
  );
  const { operation: _operation, ...request } = requestOf(operation, parts, 'elsewhere');
  const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'].filter(
    (method) => !methods.has(method),
  );
  return fc.oneof(
    fc.constantFrom(...others).map((method) => refusedFor(method)({ ...request, method })),
    fc
      .constantFrom('/unheard/of', '/%2e%2e/x', '//x', '/a/b/c/d', '/__proto__')
      .map((tail) =>
        refusedFor(tail)({ ...request, target: `${operation.path.replaceAll(/[{}]/g, '')}${tail}` }),
      ),
  );
}

/** Requests that the document doesn't allow, of every operation. */
export function brokenRequests(document: ApiDocument, known: Known): Arbitrary<MadeRequest> {
  const ofOperation = (operation: Operation): Arbitrary<MadeRequest> =>
    soundParts(document, operation, known).chain((parts) =>
      fc.oneof(
        ...(operation.body === undefined
          ? []
          : [{ weight: 8, arbitrary: brokenBody(document, operation, parts) }]),
        ...(operation.parameters.length === 0
          ? []
          : [{ weight: 4, arbitrary: brokenParameter(document, operation, parts) }]),
        ...(operation.method === 'GET' ? [] : [{ weight: 2, arbitrary: brokenForm(operation, parts) }]),
        ...(operation.secured
          ? [brokenQuery(operation, parts), brokenToken(operation, parts)].map((arbitrary) => ({
              weight: 1,
              arbitrary,
            }))
          : []),
        { weight: 1, arbitrary: elsewhere(document, operation, parts) },
      ),
    );
  return fc.oneof(
    ...document.operations.map((operation) => ({
      weight: operation.body === undefined ? 1 : 4,
      arbitrary: ofOperation(operation),
    })),
  );
}

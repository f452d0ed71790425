/** Bytes that are no request of HTTP, or one that nobody should send. */

const GET = '/api/v1/health/live';
const lines = (...of: string[]): string => `${of.join('\r\n')}\r\n\r\n`;
const HOST = 'Host: localhost';
const get = (...headers: string[]): string =>
  lines(`GET ${GET} HTTP/1.1`, HOST, 'Connection: close', ...headers);
const post = (headers: string[], body: string): string =>
  lines(
    'POST /api/v1/members HTTP/1.1',
    HOST,
    'Connection: close',
    'Content-Type: application/json',
    ...headers,
  ) + body;

/** By what is wrong with them: each has to be answered with a problem that says it is the client's. */
export const MALFORMED_HTTP: Readonly<Record<string, string>> = {
  'no HTTP': 'hello\r\n\r\n',
  'a version of HTTP that there is not': lines(`GET ${GET} HTTP/9.9`, HOST),
  'no host': lines(`GET ${GET} HTTP/1.1`, 'Connection: close'),
  'two hosts': get('Host: elsewhere'),
  'a method that there is not': lines(`STEAL ${GET} HTTP/1.1`, HOST),
  'a method in small letters': lines(`get ${GET} HTTP/1.1`, HOST),
  'a space in the path': lines('GET /api/v1/ members HTTP/1.1', HOST),
  'a control character in the path': lines('GET /api/v1/\u0001members HTTP/1.1', HOST),
  'a header without a colon': get('Injected'),
  'a header with a space in its name': get('In jected: 1'),
  'a header with NUL': get('X-A: a\0b'),
  'a header that goes on in the next line': get('X-A: a\r\n b'),
  'a header that ends with a bare line feed': get('X-A: a\nX-B: b\rX-C: c'),
  'headers that are too large': get(`X-A: ${'x'.repeat(20_000)}`),
  'an expectation that there is not': get('Expect: miracles'),
  'two lengths': post(['Content-Length: 2', 'Content-Length: 3'], '{}'),
  'a length and chunks': post(['Content-Length: 2', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
  'a length below zero': post(['Content-Length: -1'], '{}'),
  'a length that is no number': post(['Content-Length: 0x2'], '{}'),
  'an encoding of the transfer that there is not': post(['Transfer-Encoding: cow'], '{}'),
  'chunks of no size': post(['Transfer-Encoding: chunked'], 'zz\r\n{}\r\n0\r\n\r\n'),
  'chunks that end too early': post(['Transfer-Encoding: chunked'], '2\r\n{}x\r\n0\r\n\r\n'),
};

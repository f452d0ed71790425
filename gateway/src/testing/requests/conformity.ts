/** Whether an answer is one that the document says there can be. */
import { component, type ApiDocument, type DocumentedAnswer } from './document.js';
import type { MadeRequest } from './request.js';
import type { WireAnswer } from './wire.js';

const PROBLEM = 'application/problem+json';
const EVENTS = 'text/event-stream';
/** What isn't JSON is documented as a text. */
const JSON_TYPES = /^application\/(?:.+\+)?json$/;
/** Paths and names of functions, as traces of a stack have them. */
const INSIDES = /node_modules|\.[jt]s:\d+|^\s+at /m;

function mediaTypeOf({ headers }: WireAnswer): string {
  return headers.get('content-type')?.split(';')[0]?.trim() ?? '';
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is wrong with an answer's content, as it is documented. */
function contentFaults(
  document: ApiDocument,
  documented: DocumentedAnswer,
  answer: WireAnswer,
): (string | undefined)[] {
  if (!documented.content) return [answer.text === '' ? undefined : 'content where none is documented'];
  const type = mediaTypeOf(answer);
  const content = documented.content[type];
  if (!content) return [`the media type ${type} is not documented for ${answer.status}`];
  if (type === EVENTS) return [];
  const codes = Object.keys(content.examples ?? {});
  const value = JSON_TYPES.test(type) ? json(answer.text) : answer.text;
  return [
    document.fault(content.schema, value),
    type === PROBLEM &&
    !codes.some((code) => (value as { type?: unknown }).type === `urn:umlauf:problem:${code}`)
      ? `${answer.text.slice(0, 200)} is not documented for ${answer.status}`
      : undefined,
  ];
}

function headerFaults(document: ApiDocument, { headers = {} }: DocumentedAnswer, answer: WireAnswer) {
  return Object.entries(headers).map(([name, { schema }]) => {
    const value = answer.headers.get(name.toLowerCase());
    return value === undefined ? undefined : document.fault(schema, value);
  });
}

/** A problem that belongs to no operation. */
function problemFaults(document: ApiDocument, answer: WireAnswer): (string | undefined)[] {
  const value = json(answer.text);
  return [
    mediaTypeOf(answer) === PROBLEM ? undefined : `no problem but ${mediaTypeOf(answer)}`,
    document.fault(component('Problem'), value),
  ];
}

/** What is wrong with the answer to a request; empty if nothing is. */
export function faultsOf(document: ApiDocument, request: MadeRequest, answer: WireAnswer): string[] {
  const { status, text } = answer;
  const documented = request.operation?.responses[String(status)];
  return [
    status === 500 ? 'a fault of the gateway' : undefined,
    request.refused && !(status >= 400 && status < 500)
      ? `${status}, though it had to be refused`
      : undefined,
    request.operation && !documented ? `${status} is not documented: ${text.slice(0, 200)}` : undefined,
    INSIDES.test(text) ? 'it tells of the insides' : undefined,
    ...(documented
      ? [...contentFaults(document, documented, answer), ...headerFaults(document, documented, answer)]
      : problemFaults(document, answer)),
  ].filter((fault) => fault !== undefined);
}

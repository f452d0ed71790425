/** Requests that the document allows; what they ask for may still be refused by the rules. */
import fc, { type Arbitrary } from 'fast-check';
import type { ApiDocument, JsonSchema, Operation, Parameter } from './document.js';
import { requestOf, type MadeRequest, type Parts } from './request.js';
import { valueOf, type Known } from './values.js';

/** The parts of a request, with the value of its body. */
export interface SoundParts extends Parts {
  readonly body?: unknown;
}

/** What names a parameter among what is known: its own name, or for the path the segment before it. */
const knownAs = ({ path }: Operation, parameter: Parameter): string =>
  parameter.in === 'path'
    ? (path.split('/').at(path.split('/').indexOf(`{${parameter.name}}`) - 1) ?? '')
    : parameter.name;

/** What of a parameter's values can be sent: in a header no character that ends it, and none but ASCII. */
const sendable = ({ in: place, schema }: Parameter): JsonSchema =>
  place === 'header' && schema['type'] === 'string' ? { pattern: '^[!-~]{1,40}$', ...schema } : schema;

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [String(value)]);

/** Parts of a request that the document allows. */
export function soundParts(document: ApiDocument, operation: Operation, known: Known): Arbitrary<SoundParts> {
  const { body, bodyExample } = operation;
  const parameters = operation.parameters.filter(
    (parameter) => known[knownAs(operation, parameter)]?.length !== 0,
  );
  const values = parameters.map((parameter) => {
    const name = knownAs(operation, parameter);
    // A header may ask for what takes its time, such as a block that is to come.
    const value =
      parameter.in === 'header' && known[name]
        ? fc.constantFrom(...known[name])
        : valueOf(document, sendable(parameter), known, name);
    return [parameter.name, value.map(texts)] as const;
  });
  const required = parameters.filter((parameter) => parameter.required).map(({ name }) => name);
  const bodies =
    body === undefined
      ? fc.constant(undefined)
      : bodyExample === undefined
        ? valueOf(document, body, known)
        : fc.oneof(valueOf(document, body, known), fc.constant(bodyExample));
  return fc
    .tuple(fc.record(Object.fromEntries(values), { requiredKeys: required }), bodies)
    .map(([chosen, value]) => ({
      parameters: chosen,
      ...(body === undefined ? {} : { body: value, json: JSON.stringify(value) }),
    }));
}

/** Requests that the document allows, of every operation. */
export function soundRequests(document: ApiDocument, known: Known): Arbitrary<MadeRequest> {
  return fc.oneof(
    ...document.operations.map((operation) =>
      soundParts(document, operation, known).map((parts) => requestOf(operation, parts, 'as documented')),
    ),
  );
}

/** In what the embedded network still differs from real Fabric, each with its reason. */
export interface KnownDifference {
  /** As `differences` of observations.ts names it: a field, or a probe with all its fields. */
  readonly field: string;
  readonly reason: string;
}

const TRAILING_SPACE =
  'The message ends in a space. A real peer puts it into the trailer as it is, which Node.js drops for that; the gRPC library of the embedded network escapes it.';

export const KNOWN: readonly KnownDifference[] = [
  { field: 'refusals / throws: an empty message » message', reason: TRAILING_SPACE },
  { field: 'refusals / function: no name » message', reason: TRAILING_SPACE },
  {
    field: 'submission / request: an unknown method » message',
    reason: 'The words are those of the gRPC library, of Go there and of Node.js here.',
  },
  {
    field: 'system / cscc: joining, by a user',
    reason: 'Peers join by the library that runs the network; joining by a call is refused by name.',
  },
  {
    field: 'blocks / with private data',
    reason: 'There are no private data here; their delivery is refused by name.',
  },
  {
    field: 'discovery / endorsers of a chaincode',
    reason:
      'Who has to endorse, the gateway of a peer works out by itself; to be asked for it is refused by name.',
  },
];

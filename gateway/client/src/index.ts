/** A typed client of the gateways, signing where the key is, and what is signed in words. */
export { createClient, type CallOptions, type Client } from './client.js';
export { describeProposal, describeTransaction } from './describe.js';
export type { EventOptions } from './events.js';
export {
  NotWhatWasAskedError,
  expectedProposal,
  expectedTransaction,
  type Expectation,
} from './expectation.js';
export { OPERATIONS } from './operations.js';
export { Problem, UnexpectedAnswerError, UnreachableError } from './problem.js';
export { readProposal, type ProposalContent } from './proposal.js';
export {
  PUBLIC_OPERATIONS,
  createPublicClient,
  type PublicAnnouncements,
  type PublicClient,
  type PublicEntry,
  type PublicMembers,
} from './public.js';
export { requestOf } from './request.js';
export type { Answer, ClientOptions } from './rest.js';
export type * from './shapes.js';
export { lowSDer, privateKeyFromPem, rawOfLowS, signWith, type Sign } from './signature.js';
export { NotConfirmedError, type ActSigner, type Review } from './signed-act.js';
export { readTransaction, type TransactionContent } from './transaction.js';
export { MalformedError } from './wire.js';

/**
 * What the chaincode publishes: schemas, names of transactions, error codes and facts, where each record lies, and the
 * rules as pure functions.
 *
 * The gateway and the network's tools import this and nothing else of the chaincode.
 */
export * from './records';
export * from './transactions';
export * from '../domain/errors';
export * from '../domain/facts';
export * from '../domain/primitives';
export * from '../domain/announcement';
export * from '../domain/bylaws';
export * from '../domain/effects/input';
export * from '../domain/foundation';
export * from '../domain/infrastructure/node';
export * from '../domain/infrastructure/operation';
export * from '../domain/infrastructure/site';
export * from '../domain/member';
export * from '../domain/open-points';
export * from '../domain/projects/project';
export * from '../domain/resolution';
export * from '../domain/services/service';
export { Endorsement } from '../domain/endorsement';
export { ownedBy } from './owned';
export { Answer, End } from '../domain/agreements/agreement';
export * from '../domain/shared-document';
export * as keys from '../domain/keys';
export * as rules from './rules';

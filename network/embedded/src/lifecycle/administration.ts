/**
 * Plays the steps that bring a chaincode onto the channel, each with its organization's admin, as ordinary
 * transactions through endorsers and orderers: what `peer lifecycle chaincode approveformyorg` and `commit` do.
 */
import { gateway, peer } from '@hyperledger/fabric-protos';
import type { Signer } from 'umlauf-channel';
import { endorse } from '../gateway/endorse.js';
import type { GatewayContext } from '../gateway/gateway.js';
import { submit } from '../gateway/submit.js';
import { Code, codeName } from '../protocol/codes.js';
import { GrpcError } from '../protocol/grpc-error.js';
import { signedProposal } from '../protocol/proposal-builder.js';
import { LIFECYCLE, NAMESPACES, parametersRecord } from './definition.js';
import { approvalName } from './directory.js';
import { withDefaults } from './functions.js';
import { implicitCollection } from './implicit-collection.js';
import { isSerialized } from './serializer.js';
import { createHash } from 'node:crypto';

const { lifecycle } = peer;

/** A chaincode's definition as members agree on it. */
export interface DefinitionInput {
  readonly name: string;
  readonly version: string;
  /** 1 for the first, one more for each change. */
  readonly sequence: number;
  /** A serialised `ApplicationPolicy`; without one the channel's `Application/Endorsement` holds. */
  readonly endorsementPolicy?: Uint8Array;
}

/** An organization's approval, endorsed by its own peer. @throws Error if it isn't accepted. */
export async function approve(
  definition: DefinitionInput,
  packageId: string,
  admin: Signer,
  context: GatewayContext,
): Promise<void> {
  const input = new lifecycle.ApproveChaincodeDefinitionForMyOrgArgs();
  fill(input, definition);
  const local = new lifecycle.ChaincodeSource.Local();
  local.setPackageId(packageId);
  const source = new lifecycle.ChaincodeSource();
  source.setLocalPackage(local);
  input.setSource(source);
  const call = { name: 'ApproveChaincodeDefinitionForMyOrg', input: input.serializeBinary() };
  await transact(call, admin, context, [context.own.mspId]);
}

/** Commits a definition, endorsed by all organizations that have approved it. @throws Error if it isn't accepted. */
export async function commit(
  definition: DefinitionInput,
  admin: Signer,
  context: GatewayContext,
): Promise<void> {
  const input = new lifecycle.CommitChaincodeDefinitionArgs();
  fill(input, definition);
  const call = { name: 'CommitChaincodeDefinition', input: input.serializeBinary() };
  await transact(call, admin, context, approvers(definition, context));
}

interface Fillable {
  setName(value: string): void;
  setVersion(value: string): void;
  setSequence(value: number): void;
  setValidationParameter(value: Uint8Array): void;
}

function fill(input: Fillable, { name, version, sequence, endorsementPolicy }: DefinitionInput): void {
  input.setName(name);
  input.setVersion(version);
  input.setSequence(sequence);
  if (endorsementPolicy !== undefined) input.setValidationParameter(endorsementPolicy);
}

/** Whether an organization has approved exactly this definition, told from the public hashes. */
export function hasApproved(definition: DefinitionInput, mspId: string, context: GatewayContext): boolean {
  const record = parametersRecord(
    withDefaults({
      sequence: definition.sequence,
      version: definition.version,
      initRequired: false,
      endorsementPlugin: '',
      validationPlugin: '',
      validationParameter: definition.endorsementPolicy ?? new Uint8Array(),
    }),
  );
  const view = context.view();
  try {
    return isSerialized(NAMESPACES, approvalName(definition.name, definition.sequence), record, {
      hash: (key) =>
        view.getHash(LIFECYCLE, implicitCollection(mspId), createHash('sha256').update(key).digest())?.value,
    }).matches;
  } finally {
    view.close();
  }
}

const approvers = (definition: DefinitionInput, context: GatewayContext): string[] =>
  context
    .peers()
    .filter((candidate) => candidate.isAvailable && hasApproved(definition, candidate.mspId, context))
    .map(({ mspId }) => mspId);

/** Endorses, submits, and waits for the transaction to commit. */
async function transact(
  { name, input }: { name: string; input: Uint8Array },
  admin: Signer,
  context: GatewayContext,
  endorsers: readonly string[],
): Promise<void> {
  const { channelId } = context;
  const { signed, transactionId } = signedProposal(
    { channelId, chaincode: LIFECYCLE, args: [Buffer.from(name), input] },
    admin,
  );
  const request = new gateway.EndorseRequest();
  request.setTransactionId(transactionId);
  request.setChannelId(channelId);
  request.setProposedTransaction(signed);
  request.setEndorsingOrganizationsList([...endorsers]);
  const failed = (error: unknown): Error => new Error(`${name}: ${describe(error)}`, { cause: error });
  const endorsed = await endorse(request, context).catch((error: unknown) => {
    throw failed(error);
  });
  const envelope = endorsed.getPreparedTransaction();
  if (envelope === undefined) throw failed('no transaction');
  envelope.setSignature(admin.sign(envelope.getPayload_asU8()));
  const submission = new gateway.SubmitRequest();
  submission.setChannelId(channelId);
  submission.setTransactionId(transactionId);
  submission.setPreparedTransaction(envelope);
  const committed = context.commits.location(transactionId, new AbortController().signal);
  try {
    submit(submission, context);
  } catch (error) {
    throw failed(error);
  }
  const { code } = await committed;
  if (code !== Code.VALID) throw failed(`transaction ${transactionId} is invalid: ${codeName(code)}`);
}

function describe(error: unknown): string {
  if (!(error instanceof GrpcError)) return error instanceof Error ? error.message : String(error);
  const details = error.details.map(({ mspId, message }) => `${mspId}: ${message}`);
  return [error.message, ...details].join('; ');
}

/** The bare Fabric Gateway client of one office: for what a well-behaved REST gateway never does. */
import * as grpc from '@grpc/grpc-js';
import { connect, hash, type Contract, type Gateway } from '@hyperledger/fabric-gateway';
import { join } from 'node:path';
import { createSigner, readOrganization, type KeyPair } from 'umlauf-channel';
import type { Opening } from 'umlauf-chaincode/api';
import type { TokenRole } from 'umlauf-network';
import type { TestConsortium } from './consortium.js';

export interface BareClient {
  readonly gateway: Gateway;
  readonly contract: Contract;
  close(): void;
}

export async function bareClient(
  consortium: Pick<TestConsortium, 'directory' | 'description' | 'gateway' | 'peer'>,
  memberId: string,
  role: TokenRole,
): Promise<BareClient> {
  const organization = await readOrganization(join(consortium.directory, 'organizations', memberId));
  const keyPair = organization.users[role];
  if (!keyPair) throw new Error(`${memberId} has no ${role}`);
  return clientWith(consortium, memberId, keyPair);
}

/**
 * The client of someone who presents a certificate as one of a member.
 * @param peerOf the member whose peer it calls; default: the same
 */
export function clientWith(
  consortium: Pick<TestConsortium, 'description' | 'gateway' | 'peer'>,
  memberId: string,
  keyPair: KeyPair,
  peerOf: string = memberId,
): BareClient {
  const { mspId } = consortium.gateway(memberId);
  const signer = createSigner(keyPair, mspId);
  const { endpoint, tlsRootCertificates } = consortium.peer(peerOf);
  const client = new grpc.Client(endpoint, grpc.credentials.createSsl(Buffer.from(tlsRootCertificates)), {
    'grpc.max_receive_message_length': -1,
  });
  const gateway = connect({
    client,
    identity: { mspId, credentials: Buffer.from(keyPair.certificate) },
    signer: (message) => Promise.resolve(signer.sign(message)),
    hash: hash.none,
  });
  const { channel, chaincode } = consortium.description;
  return {
    gateway,
    contract: gateway.getNetwork(channel).getContract(chaincode),
    close() {
      gateway.close();
      client.close();
    },
  };
}

/** Organizations that satisfy the policy of a member's ballot: its own and f of the others. */
export function endorsersOf(opening: Opening, mspId: string): string[] {
  return [mspId, ...opening.endorsers.filter((endorser) => endorser !== mspId).slice(0, opening.f)];
}

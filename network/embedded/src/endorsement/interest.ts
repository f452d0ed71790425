/**
 * Which policies a transaction will have to satisfy, told to the gateway with the response so that it can choose
 * endorsers (Fabric: Endorser.buildChaincodeInterest).
 */
import { common, peer } from '@hyperledger/fabric-protos';
import type { WrittenKeys } from '../ledger/simulator.js';

export function chaincodeInterest(
  namespaces: readonly string[],
  written: WrittenKeys,
  isSystem: (name: string) => boolean,
): peer.ChaincodeInterest {
  const interest = new peer.ChaincodeInterest();
  for (const namespace of namespaces) {
    if (isSystem(namespace)) continue;
    const policies = [...(written.get(namespace)?.values() ?? [])];
    const call = new peer.ChaincodeCall();
    call.setName(namespace);
    for (const policy of policies) {
      if (policy !== undefined) call.addKeyPolicies(common.SignaturePolicyEnvelope.deserializeBinary(policy));
    }
    // The chaincode's own policy counts if a key without one is written, or if nothing is.
    const needsNamespacePolicy = policies.length === 0 || policies.includes(undefined);
    call.setDisregardNamespacePolicy(!needsNamespacePolicy);
    interest.addChaincodes(call);
  }
  return interest;
}

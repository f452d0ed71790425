import { common } from '@hyperledger/fabric-protos';

/** A signature policy as it stands in a configuration group. */
export function signatureConfigPolicy(envelope: common.SignaturePolicyEnvelope): common.Policy {
  return policy(common.Policy.PolicyType.SIGNATURE, envelope.serializeBinary());
}

/** A policy that counts how many direct subgroups meet their policy of that name. */
export function implicitMetaPolicy(rule: 'ANY' | 'ALL' | 'MAJORITY', subPolicy: string): common.Policy {
  const meta = new common.ImplicitMetaPolicy();
  meta.setRule(common.ImplicitMetaPolicy.Rule[rule]);
  meta.setSubPolicy(subPolicy);
  return policy(common.Policy.PolicyType.IMPLICIT_META, meta.serializeBinary());
}

function policy(type: number, value: Uint8Array): common.Policy {
  const result = new common.Policy();
  result.setType(type);
  result.setValue(value);
  return result;
}

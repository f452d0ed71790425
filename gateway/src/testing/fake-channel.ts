/** A channel's configuration as `cscc.GetChannelConfig` answers it, as far as a gateway reads it. */
import { common, msp } from '@hyperledger/fabric-protos';

/** A signature policy: `threshold` of the peers of the organizations. */
export function signaturePolicy(
  threshold: number,
  mspIds: readonly string[],
): common.SignaturePolicyEnvelope {
  const envelope = new common.SignaturePolicyEnvelope();
  const nOutOf = new common.SignaturePolicy.NOutOf();
  nOutOf.setN(threshold);
  mspIds.forEach((mspId, index) => {
    const role = new msp.MSPRole();
    role.setMspIdentifier(mspId);
    role.setRole(msp.MSPRole.MSPRoleType.PEER);
    const principal = new msp.MSPPrincipal();
    principal.setPrincipalClassification(msp.MSPPrincipal.Classification.ROLE);
    principal.setPrincipal(role.serializeBinary());
    envelope.addIdentities(principal);
    const signer = new common.SignaturePolicy();
    signer.setSignedBy(index);
    nOutOf.addRules(signer);
  });
  const rule = new common.SignaturePolicy();
  rule.setNOutOf(nOutOf);
  envelope.setRule(rule);
  return envelope;
}

/** The configuration; `endorsement` absent stands for the implicit MAJORITY, `roots` for PEM of certificate authorities. */
export function channelConfig(
  mspIds: readonly string[],
  endorsement?: common.SignaturePolicyEnvelope,
  roots: ReadonlyMap<string, string> = new Map(),
): Uint8Array {
  const application = new common.ConfigGroup();
  for (const mspId of mspIds) {
    const fabricConfig = new msp.FabricMSPConfig();
    fabricConfig.setName(mspId);
    const root = roots.get(mspId);
    if (root !== undefined) fabricConfig.addRootCerts(Buffer.from(root));
    const mspConfig = new msp.MSPConfig();
    mspConfig.setConfig(fabricConfig.serializeBinary());
    const value = new common.ConfigValue();
    value.setValue(mspConfig.serializeBinary());
    const group = new common.ConfigGroup();
    group.getValuesMap().set('MSP', value);
    // The group's own name need not be the MSP id.
    application.getGroupsMap().set(`group of ${mspId}`, group);
  }
  const policy = new common.Policy();
  policy.setType(endorsement ? common.Policy.PolicyType.SIGNATURE : common.Policy.PolicyType.IMPLICIT_META);
  policy.setValue(endorsement?.serializeBinary() ?? new Uint8Array());
  const configPolicy = new common.ConfigPolicy();
  configPolicy.setPolicy(policy);
  application.getPoliciesMap().set('Endorsement', configPolicy);
  const root = new common.ConfigGroup();
  root.getGroupsMap().set('Application', application);
  const config = new common.Config();
  config.setSequence(3);
  config.setChannelGroup(root);
  return config.serializeBinary();
}

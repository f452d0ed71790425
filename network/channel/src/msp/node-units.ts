import type { NodeUnit } from '../certificates/organization.js';
import type { msp } from '@hyperledger/fabric-protos';

/** An organizational unit, and by which chain it must be certified (`chainId`; undefined: by any of the MSP's). */
interface UnitRule {
  readonly unit: string;
  readonly chainId: string | undefined;
}

/** Which units make an identity a peer, an orderer, an admin or a client; empty where node OUs are off. */
export type NodeUnits = Readonly<Partial<Record<NodeUnit, UnitRule>>>;

/**
 * Reads the node OUs of an MSP definition (msp/mspimplsetup.go, setupNodeOUsV142).
 * @param chainId finds the chain identifier of one of the MSP's authorities (PEM)
 */
export function readNodeUnits(config: msp.FabricMSPConfig, chainId: (pem: string) => string): NodeUnits {
  const ous = config.getFabricNodeOus();
  if (!ous?.getEnable()) return {};
  const rule = (identifier: msp.FabricOUIdentifier | undefined): UnitRule | undefined =>
    identifier && {
      unit: identifier.getOrganizationalUnitIdentifier(),
      chainId: restriction(identifier, chainId),
    };
  const rules = {
    peer: rule(ous.getPeerOuIdentifier()),
    orderer: rule(ous.getOrdererOuIdentifier()),
    admin: rule(ous.getAdminOuIdentifier()),
    client: rule(ous.getClientOuIdentifier()),
  };
  return Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined));
}

/**
 * Judges the units of an identity: exactly one node OU (msp/mspimplvalidate.go, validateIdentityOUsV142).
 * Returns what is wrong, or undefined.
 */
export function judgeUnits(
  mspId: string,
  nodeUnits: NodeUnits,
  units: readonly string[],
  chainId: string,
): string | undefined {
  const rules = Object.values(nodeUnits);
  if (rules.length === 0) return undefined;
  const shown = `[${units.map((unit) => `${unit}(${chainId.slice(0, 16).toUpperCase()})`).join(' ')}]`;
  const matching = units.flatMap((unit) => rules.filter((rule) => rule.unit === unit));
  if (matching.some((rule) => rule.chainId !== undefined && rule.chainId !== chainId)) {
    return `certifiersIdentifier does not match: ${shown}, MSP: [${mspId}]`;
  }
  if (matching.length === 0) {
    return `the identity does not have an OU that resolves to client, peer, orderer, or admin role. OUs: ${shown}, MSP: [${mspId}]`;
  }
  if (matching.length > 1) {
    return `the identity must have a client, a peer, an orderer, or an admin OU role to be valid, not a combination of them. OUs: ${shown}, MSP: [${mspId}]`;
  }
  return undefined;
}

function restriction(
  identifier: msp.FabricOUIdentifier,
  chainId: (pem: string) => string,
): string | undefined {
  const pem = identifier.getCertificate_asU8();
  return pem.length === 0 ? undefined : chainId(Buffer.from(pem).toString());
}

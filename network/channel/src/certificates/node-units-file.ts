import type { NodeUnit } from './organization.js';

const KEYS: Readonly<Record<NodeUnit, string>> = {
  client: 'ClientOUIdentifier',
  peer: 'PeerOUIdentifier',
  admin: 'AdminOUIdentifier',
  orderer: 'OrdererOUIdentifier',
};

/**
 * The `config.yaml` of an MSP folder (msp/configbuilder.go): node OUs on, certified by any of the MSP's authorities.
 * Written as JSON, which is YAML as well.
 */
export function nodeUnitsFile(): string {
  const units = Object.entries(KEYS).map(
    ([unit, key]) => [key, { OrganizationalUnitIdentifier: unit }] as const,
  );
  return `${JSON.stringify({ NodeOUs: { Enable: true, ...Object.fromEntries(units) } }, undefined, 2)}\n`;
}

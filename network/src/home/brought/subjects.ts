/** Which certificates a member needs that brings its own, and what each must say. */
import { ROLES, type Role } from 'umlauf-chaincode/api';
import type { NodeUnit } from 'umlauf-channel';
import type { ListedMember } from '../../consortium/schema.js';

export interface Subject {
  /** `<name>.csr` is the request, `<name>.pem` what comes back. */
  readonly name: string;
  /** Offices and machines, never persons. */
  readonly commonName: string;
  readonly organizationalUnits: readonly string[];
  /** Of a TLS certificate: the names by which the node is reached. */
  readonly hosts?: readonly string[];
  /** Of an identity on the channel: its node OU. */
  readonly unit?: NodeUnit;
  /** Of a user: the office that it acts as. */
  readonly office?: Role;
}

/** Everything that one organization shows to others. */
export function subjectsOf({ id, host }: Pick<ListedMember, 'id' | 'host'>): Subject[] {
  // By localhost a peer finds its chaincode service, which shows the peer's certificate, and an administrator the orderer.
  const hosts = [...new Set([host, 'localhost'])];
  const node = (unit: 'peer' | 'orderer'): Subject[] => [
    { name: unit, commonName: `${unit}.${id}`, organizationalUnits: [unit], unit },
    { name: `${unit}-tls`, commonName: `${unit}.${id}`, organizationalUnits: [], hosts },
  ];
  return [
    ...node('peer'),
    ...node('orderer'),
    { name: 'admin', commonName: `admin.${id}`, organizationalUnits: ['admin'], unit: 'admin' },
    // The office as organizational unit: few authorities issue certificates with attributes of one's own.
    ...ROLES.map((office): Subject => ({
      name: office,
      commonName: `${office}.${id}`,
      organizationalUnits: ['client', office],
      unit: 'client',
      office,
    })),
  ];
}

/** What the probes run on: four organizations with the test chaincode, on either engine. */
import { fileURLToPath } from 'node:url';
import { createOrganization, type OrganizationMaterial } from 'umlauf-channel';

export const CHANNEL = 'probes';
export const CHAINCODE = 'probe';
export const CHAINCODE_FOLDER = fileURLToPath(
  new URL('../../../network/embedded/fixtures/ledger-probe/', import.meta.url),
);

/** Organizations are numbered 1 to 4: `Org1MSP` … `Org4MSP`. */
export const ORGANIZATIONS = [1, 2, 3, 4] as const;

export interface ProbeNetwork {
  readonly members: readonly OrganizationMaterial[];
  /** Whether all peers have one ledger, so that none of them is ever behind. */
  readonly isOneLedger: boolean;
  /** `host:port` of an organization's peer. */
  endpoint(mspId: string): string;
  stop(): Promise<void>;
}

export const organizationName = (number: number): string => `org${number}`;
export const mspIdOf = (number: number): string => `Org${number}MSP`;

/** An organization with one user, who has a role. */
export function organization(number: number): Promise<OrganizationMaterial> {
  return createOrganization({
    mspId: mspIdOf(number),
    domain: `${organizationName(number)}.example`,
    hosts: ['localhost'],
    users: [
      {
        name: 'user',
        commonName: `user.${organizationName(number)}`,
        organizationalUnits: [],
        attributes: { role: 'board' },
      },
    ],
  });
}

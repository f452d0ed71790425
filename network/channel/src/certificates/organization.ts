import type { Attributes } from './attributes.js';
import type { CertificateUse, ValidityPeriod } from './certificate-request.js';
import { certificateFingerprint } from './fingerprint.js';
import { createAuthority, issueCertificate, openAuthority } from './issue.js';
import type { Authority, KeyPair } from './key-pair.js';
import type { OpenAuthority } from './x509.js';

const USER_NAME = /^[a-z0-9][a-z0-9-]*$/;

/** Fabric's node OUs: what an identity of an MSP is (msp/mspimplsetup.go, setupNodeOUsV142). */
export type NodeUnit = 'peer' | 'orderer' | 'admin' | 'client';

/** A user of an organization: a client identity. */
export interface UserRequest {
  /** Key under which it is found in `OrganizationMaterial.users`, and name of its folder. */
  readonly name: string;
  readonly commonName: string;
  /** Beside `client`, which every user gets. */
  readonly organizationalUnits: readonly string[];
  readonly attributes?: Attributes | undefined;
}

/** How long certificates are valid. */
export interface Validity {
  /** Default: five minutes ago, since clocks differ. */
  readonly notBefore?: Date | undefined;
  /** Of the two root certificates. Default: ten years after `notBefore`. */
  readonly authoritiesNotAfter?: Date | undefined;
  /** Of all others. Default: two years after `notBefore`. */
  readonly certificatesNotAfter?: Date | undefined;
}

/** What an organization's certificates are made from. */
export interface OrganizationRequest {
  readonly mspId: string;
  /** Ends the common names of its authorities and nodes. */
  readonly domain: string;
  /** Names or addresses at which its peer and orderer are reached, beside localhost, 127.0.0.1 and ::1. */
  readonly hosts: readonly string[];
  readonly users: readonly UserRequest[];
  readonly validity?: Validity | undefined;
}

/** A node's two key pairs: its identity on the channel and its TLS certificate. */
export interface NodeMaterial {
  readonly signing: KeyPair;
  readonly tls: KeyPair;
}

/** A request that makes no organization. */
export class OrganizationRequestError extends Error {
  override readonly name = 'OrganizationRequestError';
}

/** Everything of an organization, private keys included: it never leaves that organization. */
export interface OrganizationMaterial {
  readonly mspId: string;
  readonly domain: string;
  readonly ca: Authority;
  readonly tlsCa: Authority;
  readonly admin: KeyPair;
  readonly peer: NodeMaterial;
  readonly orderer: NodeMaterial;
  readonly users: Readonly<Record<string, KeyPair>>;
}

/** What others need of an organization: its roots, and the certificates that its nodes show. All PEM. */
export interface PublicOrganization {
  readonly mspId: string;
  readonly caCertificates: readonly string[];
  readonly tlsCaCertificates: readonly string[];
  /** Intermediate authorities, if the organization brought its own. */
  readonly intermediateCertificates?: readonly string[] | undefined;
  readonly tlsIntermediateCertificates?: readonly string[] | undefined;
}

/**
 * Issues everything for one organization: a signing and a TLS root, an admin, one peer, one orderer and its users,
 * all of one MSP and told apart by node OUs.
 * @throws OrganizationRequestError if a user's name can't be that of a folder, or occurs twice
 */
export async function createOrganization(request: OrganizationRequest): Promise<OrganizationMaterial> {
  const { domain } = request;
  checkUsers(request.users);
  const { authorities, certificates } = periods(request.validity);
  const ca = await createAuthority(`ca.${domain}`, domain, authorities);
  const tlsCa = await createAuthority(`tlsca.${domain}`, domain, authorities);
  return issueMembers(request, ca, tlsCa, certificates);
}

/**
 * Issues all certificates of an organization anew, with fresh keys, from the authorities that it has.
 * @param request the same as at first; of the validity, that of the authorities plays no part
 * @throws AuthorityKeyError if the authorities' keys aren't here
 */
export async function renewOrganization(
  request: OrganizationRequest,
  { ca, tlsCa }: Pick<OrganizationMaterial, 'ca' | 'tlsCa'>,
): Promise<OrganizationMaterial> {
  checkUsers(request.users);
  return issueMembers(request, ca, tlsCa, periods(request.validity).certificates);
}

async function issueMembers(
  request: OrganizationRequest,
  ca: Authority,
  tlsCa: Authority,
  certificates: ValidityPeriod,
): Promise<OrganizationMaterial> {
  const { mspId, domain, hosts } = request;
  const [signing, tls] = [await openAuthority(ca), await openAuthority(tlsCa)];
  const issue = (
    authority: OpenAuthority,
    commonName: string,
    units: readonly string[],
    use: CertificateUse,
  ) =>
    issueCertificate(authority, {
      commonName,
      organizationalUnits: units,
      organization: domain,
      use,
      validity: certificates,
    });
  const node = async (unit: 'peer' | 'orderer'): Promise<NodeMaterial> => ({
    signing: await issue(signing, `${unit}.${domain}`, [unit], { kind: 'signing' }),
    tls: await issue(tls, `${unit}.${domain}`, [], {
      kind: 'tls',
      hosts: [...new Set([`${unit}.${domain}`, ...hosts, 'localhost', '127.0.0.1', '::1'])],
    }),
  });
  const users: Record<string, KeyPair> = {};
  for (const user of request.users) {
    const units = ['client', ...user.organizationalUnits];
    users[user.name] = await issue(signing, user.commonName, units, {
      kind: 'signing',
      attributes: user.attributes,
    });
  }
  const admin = await issue(signing, `admin.${domain}`, ['admin'], { kind: 'signing' });
  return { mspId, domain, ca, tlsCa, admin, peer: await node('peer'), orderer: await node('orderer'), users };
}

/** What may be shown to others of an organization. */
export function publicOrganization(material: OrganizationMaterial): PublicOrganization {
  const { mspId, ca, tlsCa } = material;
  return {
    mspId,
    caCertificates: [ca.certificate],
    tlsCaCertificates: [tlsCa.certificate],
    ...(ca.intermediates ? { intermediateCertificates: ca.intermediates } : {}),
    ...(tlsCa.intermediates ? { tlsIntermediateCertificates: tlsCa.intermediates } : {}),
  };
}

/** SHA-256 fingerprints (hex) of all root certificates of an organization, signing roots first. */
export function rootFingerprints(organization: PublicOrganization): { signing: string[]; tls: string[] } {
  return {
    signing: organization.caCertificates.map(certificateFingerprint),
    tls: organization.tlsCaCertificates.map(certificateFingerprint),
  };
}

function checkUsers(users: readonly UserRequest[]): void {
  const names = users.map(({ name }) => name);
  for (const name of names) {
    // `admin` is the organization's own administrator.
    if (!USER_NAME.test(name) || name === 'admin') {
      throw new OrganizationRequestError(
        `'${name}' can't be the name of a user: ${USER_NAME.source}, not admin`,
      );
    }
  }
  if (new Set(names).size !== names.length)
    throw new OrganizationRequestError('Two users have the same name');
}

function periods(validity: Validity = {}): { authorities: ValidityPeriod; certificates: ValidityPeriod } {
  const notBefore = validity.notBefore ?? new Date(Date.now() - 5 * 60_000);
  return {
    authorities: { notBefore, notAfter: validity.authoritiesNotAfter ?? yearsAfter(notBefore, 10) },
    certificates: { notBefore, notAfter: validity.certificatesNotAfter ?? yearsAfter(notBefore, 2) },
  };
}

function yearsAfter(date: Date, years: number): Date {
  const result = new Date(date);
  result.setUTCFullYear(result.getUTCFullYear() + years);
  return result;
}

/**
 * The file by which the others know a member whose part runs on another machine: roots, addresses, its orderer's
 * certificates. All of it is public: it has no place for a private key.
 */
import { MemberIdentity } from 'umlauf-chaincode/api';
import {
  objectionToAuthorities,
  objectionToIdentity,
  objectionToTls,
  type ChannelOrganization,
  type OrdererPlace,
} from 'umlauf-channel';
import { z } from 'zod';
import type { ListedMember } from '../consortium/schema.js';
import { UserError } from '../user-error.js';
import { readExchanged, writeExchanged } from './exchanged-file.js';

const { id: MemberId, mspId: MspId } = MemberIdentity.shape;
const FORMAT = 'umlauf.organization';
const VERSION = 1;
const MOST_BYTES = 1024 * 1024;

/** Certificates and nothing else, whatever else PEM can hold. */
const Certificates = z
  .string()
  .regex(
    /^(-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/,
    'must be certificates in PEM form',
  );
const Endpoint = { host: z.string().min(1), port: z.int().min(1).max(65535) };

const OrganizationFile = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  member: MemberId,
  organization: z.strictObject({
    mspId: MspId,
    caCertificates: z.array(Certificates).length(1),
    tlsCaCertificates: z.array(Certificates).length(1),
    intermediateCertificates: z.array(Certificates).optional(),
    tlsIntermediateCertificates: z.array(Certificates).optional(),
    peers: z.array(z.strictObject(Endpoint)).length(1),
    /** The place among the consenters that it has, or would have. */
    orderer: z.strictObject({
      ...Endpoint,
      signingCertificate: Certificates,
      clientTlsCertificate: Certificates,
      serverTlsCertificate: Certificates,
    }),
  }),
});

/** What a member shows to the others, with the place of its orderer among the consenters. */
export interface PublicPart extends ChannelOrganization {
  readonly orderer: OrdererPlace;
}

/**
 * Writes what others need to know of a member; nothing in it is a secret.
 * @throws Error if anything else than certificates stands where certificates belong
 */
export function writeOrganizationFile(file: string, memberId: string, organization: PublicPart): void {
  const content = OrganizationFile.parse({
    format: FORMAT,
    version: VERSION,
    member: memberId,
    organization,
  });
  writeExchanged(file, content);
}

/**
 * Reads what a member's machine exported.
 * @param file default: where the consortium file says that it is
 * @throws UserError naming the file and what is wrong with it: unreadable, another member's, authorities that Fabric
 *   would refuse
 */
export function readOrganizationFile(
  member: Pick<ListedMember, 'id' | 'mspId' | 'host' | 'elsewhere'>,
  file = member.elsewhere ?? '',
): PublicPart {
  const refuse = (reason: string): never => {
    throw new UserError(`${file}: ${reason}`);
  };
  const { organization, member: memberId } = readExchanged(file, {
    schema: OrganizationFile,
    kind: 'exported organization',
    mostBytes: MOST_BYTES,
    hint: `${member.id} writes it on its machine: umlauf org export ${member.id} --out FILE`,
  });
  if (memberId !== member.id) refuse(`is of ${memberId}, not of ${member.id}`);
  if (organization.mspId !== member.mspId)
    refuse(
      `names the MSP ${organization.mspId}; the consortium file lists ${member.id} with ${member.mspId}`,
    );
  for (const { host } of [...organization.peers, organization.orderer])
    if (host !== member.host)
      refuse(`names the host ${host}; the consortium file lists ${member.id} at ${member.host}`);
  const objection = objectionToAuthorities(organization);
  return objection === undefined ? organization : refuse(objection);
}

/**
 * Why an exported organization's orderer can't have a place among the consenters; undefined if it can. A member's own
 * machine would notice at the first start, the others only when it is missing.
 */
export function objectionToOrderer(organization: PublicPart, at = new Date()): string | undefined {
  const { orderer } = organization;
  const signing = objectionToIdentity(organization, orderer.signingCertificate, 'orderer', at);
  if (signing !== undefined) return `the orderer's certificate ${signing}`;
  for (const certificate of [orderer.serverTlsCertificate, orderer.clientTlsCertificate]) {
    const objection = objectionToTls(organization, certificate, [orderer.host], at);
    if (objection !== undefined) return `the orderer's TLS certificate ${objection}`;
  }
  return undefined;
}

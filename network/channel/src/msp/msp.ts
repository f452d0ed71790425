import { msp } from '@hyperledger/fabric-protos';
import { certificateFingerprint } from '../certificates/fingerprint.js';
import { equalBytes, hex, sha256 } from '../encoding/bytes.js';
import { decodeMessage } from '../encoding/message.js';
import { isP256, parseCertificate, type MspCertificate } from './certificate.js';
import { buildChain, type Authorities } from './chain.js';
import { IdentityError } from './identity.js';
import { judgeUnits, readNodeUnits, type NodeUnits } from './node-units.js';

/** A definition of an MSP that Fabric (or this package) can't work with. */
export class MspConfigError extends Error {
  override readonly name = 'MspConfigError';
}

/** A certificate that an MSP has found to be one of its own, and valid. */
export interface ValidCertificate {
  readonly certificate: MspCertificate;
  /** Identifies the authorities that vouch for it: SHA-256 over their DER, from issuer to root (hexadecimal). */
  readonly chainId: string;
}

/**
 * The membership service provider of one organization: knows from its roots and node OUs who belongs to it
 * (Fabric's msp package in the behaviour of channel capability V3_0, for X.509 and ECDSA P-256).
 */
export class Msp {
  private constructor(
    readonly mspId: string,
    /** SHA-256 fingerprints (hexadecimal) of the root certificates as they stand in the definition. */
    readonly rootFingerprints: readonly string[],
    readonly tlsRootFingerprints: readonly string[],
    /** PEM. */
    readonly rootCertificates: readonly string[],
    /** PEM. */
    readonly tlsRootCertificates: readonly string[],
    readonly nodeUnits: NodeUnits,
    private readonly authorities: Authorities,
    private readonly admins: readonly MspCertificate[],
  ) {}

  /**
   * Reads a definition.
   * @throws MspConfigError if it is incomplete, or asks for revocation lists or organizational units beside the node OUs
   */
  static fromConfig(config: msp.MSPConfig): Msp {
    if (config.getType() !== 0) throw new MspConfigError(`MSP type ${config.getType()} is not supported`);
    const fabric = decodeMessage(
      msp.FabricMSPConfig,
      config.getConfig_asU8(),
      (cause) => new MspConfigError('failed unmarshalling fabric msp config', { cause }),
    );
    const mspId = fabric.getName();
    if (mspId === '') throw new MspConfigError('MSP has empty MSP ID');
    refuseUnsupported(fabric);
    const rootPems = texts(fabric.getRootCertsList_asU8());
    const tlsPems = texts(fabric.getTlsRootCertsList_asU8());
    if (rootPems.length === 0) throw new MspConfigError(`MSP ${mspId}: expected at least one CA certificate`);
    const authorities: Authorities = {
      roots: rootPems.map((pem) => readAuthority(mspId, pem)),
      intermediates: texts(fabric.getIntermediateCertsList_asU8()).map((pem) => readAuthority(mspId, pem)),
    };
    checkChains(mspId, authorities);
    checkChains(mspId, {
      roots: tlsPems.map((pem) => readAuthority(mspId, pem)),
      intermediates: texts(fabric.getTlsIntermediateCertsList_asU8()).map((pem) => readAuthority(mspId, pem)),
    });
    const admins = texts(fabric.getAdminsList_asU8()).map((pem) => readable(mspId, pem));
    const nodeUnits = readNodeUnits(fabric, (pem) =>
      authorityChainId(mspId, readable(mspId, pem), authorities),
    );
    if (admins.length === 0 && !nodeUnits.admin) {
      throw new MspConfigError('administrators must be declared when no admin ou classification is set');
    }
    return new Msp(
      mspId,
      rootPems.map(certificateFingerprint),
      tlsPems.map(certificateFingerprint),
      rootPems,
      tlsPems,
      nodeUnits,
      authorities,
      admins,
    );
  }

  /**
   * Reads and validates a certificate (PEM) of this MSP.
   * @throws IdentityError in Fabric's words
   */
  validate(pem: string): ValidCertificate {
    const certificate = read(pem);
    const found = buildChain(certificate, this.authorities);
    if ('failure' in found) {
      throw new IdentityError(`the supplied identity is not valid: ${found.failure}`, 'deserialize');
    }
    const invalid = (reason: string): IdentityError => new IdentityError(reason, 'validate');
    if (certificate.x509.ca) {
      throw invalid(
        'could not obtain certification chain: An X509 certificate with Basic Constraint: Certificate Authority equals true cannot be used as an identity',
      );
    }
    if (!isP256(certificate.publicKey)) {
      throw invalid(
        `could not validate identity's public key algorithm: ${certificate.publicKey.asymmetricKeyType ?? 'unknown'} is not supported`,
      );
    }
    const chainId = chainIdOf(found.chain.slice(1));
    const objection = judgeUnits(this.mspId, this.nodeUnits, certificate.organizationalUnits, chainId);
    if (objection !== undefined) throw invalid(`could not validate identity's OUs: ${objection}`);
    return { certificate, chainId };
  }

  /** Whether a certificate is named as an administrator in the definition itself. */
  isNamedAdmin(certificate: MspCertificate): boolean {
    return this.admins.some((admin) => equalBytes(admin.der, certificate.der));
  }
}

function refuseUnsupported(fabric: msp.FabricMSPConfig): void {
  const refuse = (what: string): never => {
    throw new MspConfigError(`MSP ${fabric.getName()}: ${what} not supported`);
  };
  if (fabric.getRevocationListList().length > 0) refuse('certificate revocation lists are');
  if (fabric.getOrganizationalUnitIdentifiersList().length > 0) refuse('organizational unit identifiers are');
  const crypto = fabric.getCryptoConfig();
  if (!['', 'SHA2'].includes(crypto?.getSignatureHashFamily() ?? ''))
    refuse('a hash family other than SHA2 is');
  if (!['', 'SHA256'].includes(crypto?.getIdentityIdentifierHashFunction() ?? '')) {
    refuse('an identity identifier hash function other than SHA256 is');
  }
}

/**
 * Reads the certificate (PEM) of one of an MSP's authorities.
 * @throws MspConfigError if it isn't one that Fabric accepts as such
 */
export function readAuthority(mspId: string, pem: string): MspCertificate {
  const certificate = readable(mspId, pem);
  const serial = certificate.x509.serialNumber.toLowerCase();
  if (!certificate.x509.ca) {
    throw new MspConfigError(`MSP ${mspId}: CA Certificate did not have the CA attribute, (SN: ${serial})`);
  }
  if (!certificate.hasSubjectKeyIdentifier) {
    throw new MspConfigError(
      `MSP ${mspId}: CA Certificate problem with Subject Key Identifier extension, (SN: ${serial}): subjectKeyIdentifier not found in certificate`,
    );
  }
  return certificate;
}

function checkChains(mspId: string, authorities: Authorities): void {
  for (const intermediate of authorities.intermediates) {
    const found = buildChain(intermediate, authorities);
    if ('failure' in found)
      throw new MspConfigError(`MSP ${mspId}: CA Certificate is not valid: ${found.failure}`);
  }
}

function authorityChainId(mspId: string, certificate: MspCertificate, authorities: Authorities): string {
  const known = [...authorities.roots, ...authorities.intermediates].some(({ id }) => id === certificate.id);
  const found = buildChain(certificate, authorities);
  if (!known || 'failure' in found) {
    throw new MspConfigError(
      `MSP ${mspId}: Failed adding OU. Certificate not in root or intermediate certs.`,
    );
  }
  return chainIdOf(found.chain);
}

function chainIdOf(chain: readonly MspCertificate[]): string {
  return hex(sha256(...chain.map(({ der }) => der)));
}

function readable(mspId: string, pem: string): MspCertificate {
  try {
    return read(pem);
  } catch (cause) {
    throw new MspConfigError(`MSP ${mspId}: a certificate can't be read`, { cause });
  }
}

function read(pem: string): MspCertificate {
  let certificate: MspCertificate | undefined;
  try {
    certificate = parseCertificate(pem);
  } catch {
    throw new IdentityError('parseCertificate failed', 'deserialize');
  }
  if (!certificate) throw new IdentityError('could not decode the PEM structure', 'deserialize');
  return certificate;
}

function texts(list: readonly Uint8Array[]): string[] {
  return list.map((bytes) => Buffer.from(bytes).toString());
}

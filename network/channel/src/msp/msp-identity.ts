import { verify, type X509Certificate } from 'node:crypto';
import { msp } from '@hyperledger/fabric-protos';
import { hex } from '../encoding/bytes.js';
import { tryDecodeMessage } from '../encoding/message.js';
import { DerError } from '../encoding/der.js';
import type { NodeUnit } from '../certificates/organization.js';
import { decodeSignature, isLowS, toP1363 } from '../signing/ecdsa.js';
import { certificateId } from './certificate.js';
import type { Identity } from './identity.js';
import type { Msp, ValidCertificate } from './msp.js';

const { Classification } = msp.MSPPrincipal;
const { MSPRoleType } = msp.MSPRole;
const UNIT_OF_ROLE: Readonly<Record<number, NodeUnit>> = {
  [MSPRoleType.CLIENT]: 'client',
  [MSPRoleType.PEER]: 'peer',
  [MSPRoleType.ORDERER]: 'orderer',
  [MSPRoleType.ADMIN]: 'admin',
};

/** An identity that its MSP has validated. */
export class MspIdentity implements Identity {
  readonly mspId: string;
  readonly id: string;
  readonly certificate: X509Certificate;
  readonly notAfter: Date;

  constructor(
    private readonly msp: Msp,
    private readonly valid: ValidCertificate,
    readonly serialized: Uint8Array,
  ) {
    this.mspId = msp.mspId;
    this.id = valid.certificate.id;
    this.certificate = valid.certificate.x509;
    this.notAfter = valid.certificate.notAfter;
  }

  verify(message: Uint8Array, signature: Uint8Array): boolean {
    try {
      const numbers = decodeSignature(signature);
      const fixed = isLowS(numbers) ? toP1363(numbers) : undefined;
      const key = this.valid.certificate.publicKey;
      return fixed !== undefined && verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, fixed);
    } catch (error) {
      if (error instanceof DerError) return false;
      throw error;
    }
  }

  satisfies(principal: msp.MSPPrincipal): boolean {
    const bytes = principal.getPrincipal_asU8();
    switch (principal.getPrincipalClassification()) {
      case Classification.ROLE:
        return this.#hasRole(tryDecodeMessage(msp.MSPRole, bytes));
      case Classification.ORGANIZATION_UNIT:
        return this.#hasUnit(tryDecodeMessage(msp.OrganizationUnit, bytes));
      case Classification.IDENTITY:
        return this.#is(tryDecodeMessage(msp.SerializedIdentity, bytes));
      case Classification.ANONYMITY:
        return (
          tryDecodeMessage(msp.MSPIdentityAnonymity, bytes)?.getAnonymityType() ===
          msp.MSPIdentityAnonymity.MSPIdentityAnonymityType.NOMINAL
        );
      case Classification.COMBINED: {
        const parts = tryDecodeMessage(msp.CombinedPrincipal, bytes)?.getPrincipalsList() ?? [];
        return parts.length > 0 && parts.every((part) => this.satisfies(part));
      }
    }
  }

  #hasRole(role: msp.MSPRole | undefined): boolean {
    if (role?.getMspIdentifier() !== this.mspId) return false;
    if (role.getRole() === MSPRoleType.MEMBER) return true;
    if (role.getRole() === MSPRoleType.ADMIN && this.msp.isNamedAdmin(this.valid.certificate)) return true;
    const unit = UNIT_OF_ROLE[role.getRole()];
    const rule = unit && this.msp.nodeUnits[unit];
    return rule !== undefined && this.valid.certificate.organizationalUnits.includes(rule.unit);
  }

  #hasUnit(unit: msp.OrganizationUnit | undefined): boolean {
    return (
      unit?.getMspIdentifier() === this.mspId &&
      this.valid.certificate.organizationalUnits.includes(unit.getOrganizationalUnitIdentifier()) &&
      hex(unit.getCertifiersIdentifier_asU8()) === this.valid.chainId
    );
  }

  /** Compared by certificate, not by text: the same certificate may be spelled as PEM in several ways. */
  #is(identity: msp.SerializedIdentity | undefined): boolean {
    if (identity?.getMspid() !== this.mspId) return false;
    try {
      return certificateId(Buffer.from(identity.getIdBytes_asU8()).toString()) === this.id;
    } catch (error) {
      if (error instanceof DerError) return false;
      throw error;
    }
  }
}

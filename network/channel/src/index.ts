/**
 * What a Fabric channel is made of: certificates and identities, signatures, the channel configuration with its
 * policies and updates, and the form of blocks. It knows no network, no store and no chaincode.
 */
export { certificateFingerprint } from './certificates/fingerprint.js';
export {
  createOrganization,
  publicOrganization,
  rootFingerprints,
  type NodeMaterial,
  type NodeUnit,
  type OrganizationMaterial,
  type OrganizationRequest,
  type PublicOrganization,
  type UserRequest,
  type Validity,
} from './certificates/organization.js';
export {
  createAuthority,
  issueCertificate,
  type CertificateRequest,
  type CertificateUse,
  type ValidityPeriod,
} from './certificates/issue.js';
export type { KeyPair } from './certificates/key-pair.js';
export { createSigner, type Signer } from './signing/signer.js';
export { serializeIdentity } from './msp/serialized-identity.js';
export {
  DEFAULT_BATCH,
  type BatchProfile,
  type ChannelOrganization,
  type ChannelProfile,
  type Endpoint,
  type OrdererPlace,
} from './profile/profile.js';
export { DEFAULT_SMART_BFT, type SmartBftOptions } from './profile/smart-bft.js';

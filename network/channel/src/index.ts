/**
 * What a Fabric channel is made of: certificates and identities, signatures, the channel configuration with its
 * policies and updates, and the form of blocks. It knows no network, no store and no chaincode.
 */
export {
  ATTRIBUTES_OID,
  readAttributes,
  readCommonName,
  readOrganizationalUnits,
  type Attributes,
} from './certificates/attributes.js';
export { withLowS } from './certificates/certificate-der.js';
export { certificateFingerprint } from './certificates/fingerprint.js';
export {
  AuthorityKeyError,
  type CertificateRequest,
  type CertificateUse,
  type ValidityPeriod,
} from './certificates/certificate-request.js';
export { createAuthority, issueCertificate } from './certificates/issue.js';
export { OrganizationFolderError, readOrganization, writeOrganization } from './certificates/folder.js';
export type { Authority, KeyPair } from './certificates/key-pair.js';
export { certificateDers, certificatePem } from './certificates/pem.js';
export {
  requestCertificate,
  requestedKey,
  type KeyRequest,
  type RequestedCertificate,
} from './certificates/request.js';
export {
  createOrganization,
  OrganizationRequestError,
  publicOrganization,
  renewOrganization,
  rootFingerprints,
  type NodeMaterial,
  type NodeUnit,
  type OrganizationMaterial,
  type OrganizationRequest,
  type PublicOrganization,
  type UserRequest,
  type Validity,
} from './certificates/organization.js';

export { createSigner, type Signer } from './signing/signer.js';

export { IdentityError, type Identity } from './msp/identity.js';
export { MspConfigError } from './msp/msp.js';
export { objectionToAuthorities, objectionToIdentity, objectionToTls } from './msp/objections.js';
export { serializeIdentity } from './msp/serialized-identity.js';

export {
  bftQuorum,
  toleratedFaults,
  flatPolicy,
  identityPrincipal,
  majorityOf,
  organizationsPolicy,
  outOf,
  rolePrincipal,
  signaturePolicyEnvelope,
  signedBy,
  type Role,
} from './policies/build.js';
export { principalMspId, requiredOrganizations, type RequiredOrganizations } from './policies/describe.js';
export { PolicyError, type Policy, type SignedData } from './policies/policy.js';

export { ProfileError } from './profile/check-profile.js';
export { createConfig, createGenesisBlock, type GenesisOptions } from './profile/genesis.js';
export { parseGoDuration } from './profile/go-duration.js';
export {
  defaultBatch,
  type BatchProfile,
  type ChannelOrganization,
  type ChannelProfile,
  type Endpoint,
  type OrdererPlace,
} from './profile/profile.js';

export {
  addConsenter,
  addOrganization,
  removeConsenter,
  removeOrganization,
  replaceConsenterCertificates,
} from './config/change-organizations.js';
export type { ChannelCapabilities } from './config/capabilities.js';
export { ChannelConfig } from './config/channel-config.js';
export { proposeConfigUpdate } from './config/compute-update.js';
export { ChannelConfigError, ConfigUpdateError } from './config/errors.js';
export {
  changedConfig,
  changeInForce,
  proposeChange,
  recognizeChange,
  StaleUpdateError,
  type OrderingOrganization,
  type OrganizationChange,
} from './config/organization-change.js';
export type { BatchSize } from './config/orderer-settings.js';
export type { ConsenterConfig, OrganizationConfig } from './config/organizations.js';
export { updateOf } from './config/update-envelope.js';
export { signatureState, type Approval, type SignatureState } from './config/update-signatures.js';
export { configEnvelope, configUpdateEnvelope, signConfigUpdate } from './config/sign-update.js';

export {
  BlockError,
  blockEnvelopes,
  blockHeader,
  blockMetadata,
  isConfigBlock,
  lastConfigIndex,
  newBlock,
  verifyDataHash,
} from './blocks/block.js';
export {
  createEnvelope,
  decodeEnvelope,
  EnvelopeError,
  transactionId,
  type DecodedEnvelope,
  type EnvelopeContent,
} from './blocks/envelope.js';
export { blockDataHash, blockHeaderBytes, blockHeaderHash } from './blocks/header.js';
export { createNonce } from './blocks/nonce.js';
export { assembleTransaction, endorsePayload, type TransactionContent } from './blocks/transaction.js';
export {
  blockSignatures,
  setBlockMetadata,
  signBlock,
  type BlockSigner,
  type OrdererMetadata,
} from './blocks/signatures.js';

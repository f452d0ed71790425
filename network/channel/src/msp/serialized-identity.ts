import { msp } from '@hyperledger/fabric-protos';

/** The bytes by which an identity is named in headers and endorsements: MSP id and certificate (PEM). */
export function serializeIdentity(mspId: string, certificate: string): Uint8Array {
  const identity = new msp.SerializedIdentity();
  identity.setMspid(mspId);
  identity.setIdBytes(Buffer.from(certificate));
  return identity.serializeBinary();
}

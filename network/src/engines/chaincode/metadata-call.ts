/** A call that every chaincode of fabric-contract-api answers, whatever it is about. */
export const METADATA_CALL = 'org.hyperledger.fabric:GetMetadata';

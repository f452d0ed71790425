/** Names of Fabric's enumerations, as its messages and logs print them. */
import { common, peer } from '@hyperledger/fabric-protos';

/** `peer.TxValidationCode`: what became of a transaction. */
export const Code = peer.TxValidationCode;
export type Code = peer.TxValidationCodeMap[keyof peer.TxValidationCodeMap];

export const Status = common.Status;
export type Status = common.StatusMap[keyof common.StatusMap];

const nameIn = (names: object, value: number): string =>
  Object.entries(names).find(([, number]) => number === value)?.[0] ?? String(value);

export const codeName = (code: number): string => nameIn(Code, code);
export const statusName = (status: number): string => nameIn(Status, status);
export const headerTypeName = (type: number): string => nameIn(common.HeaderType, type);

import { common } from '@hyperledger/fabric-protos';
import { decodeConfigMessage } from '../config/decode.js';
import { KEY, setValue } from './group.js';
import type { OrdererPlace } from './profile.js';

/**
 * The consenters that an Orderer group names, in the order in which it names them.
 * @throws ChannelConfigError if the mapping is malformed
 */
export function consentersOf(ordering: common.ConfigGroup | undefined): common.Consenter[] {
  const value = ordering?.getValuesMap().get(KEY.orderers);
  return value
    ? decodeConfigMessage(common.Orderers, value.getValue_asU8(), KEY.orderers).getConsenterMappingList()
    : [];
}

/** Writes the consenter mapping of an Orderer group. */
export function setConsenters(ordering: common.ConfigGroup, consenters: readonly common.Consenter[]): void {
  const orderers = new common.Orderers();
  orderers.setConsenterMappingList([...consenters]);
  setValue(ordering, KEY.orderers, orderers);
}

/** A consenter from an organization's place. The number defaults to the first above all of `others`. */
export function newConsenter(
  mspId: string,
  place: OrdererPlace,
  others: readonly common.Consenter[],
): common.Consenter {
  const consenter = new common.Consenter();
  consenter.setId(place.id ?? Math.max(0, ...others.map((other) => other.getId())) + 1);
  consenter.setHost(place.host);
  consenter.setPort(place.port);
  consenter.setMspId(mspId);
  setCertificates(consenter, place);
  return consenter;
}

/** Writes by what a consenter is known. */
export function setCertificates(
  consenter: common.Consenter,
  place: Pick<OrdererPlace, 'signingCertificate' | 'clientTlsCertificate' | 'serverTlsCertificate'>,
): void {
  consenter.setIdentity(Buffer.from(place.signingCertificate));
  consenter.setClientTlsCert(Buffer.from(place.clientTlsCertificate));
  consenter.setServerTlsCert(Buffer.from(place.serverTlsCertificate));
}

/** Addresses and networks as an administrator writes them. */
import { isIP } from 'node:net';
import { z } from 'zod';

/** A network; a single address is one of all its bits. */
export interface NetworkAddress {
  readonly address: string;
  readonly bits: number;
  readonly type: 'ipv4' | 'ipv6';
}

/**
 * Reads a network: an address, or `<address>/<bits>`.
 * @returns `undefined` if it is none.
 */
export function networkOf(text: string): NetworkAddress | undefined {
  const [, address = '', bits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return undefined;
  const most = version === 4 ? 32 : 128;
  const given = bits === undefined ? most : Number(bits);
  return given > most ? undefined : { address, bits: given, type: version === 4 ? 'ipv4' : 'ipv6' };
}

/** Schema of one. */
export const Network = z
  .string()
  .refine((text) => networkOf(text) !== undefined, 'must be an address, or a network such as 10.0.0.0/8');

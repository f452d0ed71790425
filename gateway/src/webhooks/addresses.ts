/**
 * Which addresses a webhook may be delivered to: public ones, and what its configuration allows besides. A gateway stands
 * inside of its member's network; whoever may name a URL must not reach what lies there (server-side request forgery).
 */
import { BlockList, isIP } from 'node:net';
import { networkOf } from '../network-address.js';

/** IPv4 that isn't public (IANA IPv4 Special-Purpose Address Registry), and multicast. */
const NOT_PUBLIC_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  // 6to4 relays, which would carry on to anywhere.
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** All public unicast of IPv6 lies here (RFC 4291, 2.4): loopback, link-local, ULA, multicast, mapped and NAT64 don't. */
const PUBLIC_6 = ['2000::/3'];
/** … save for protocol assignments and Teredo, documentation, and 6to4, which carries an IPv4 address. */
const NOT_PUBLIC_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of networks) {
    const network = networkOf(text);
    if (network) list.addSubnet(network.address, network.bits, network.type);
  }
  return list;
}

const notPublic4 = listOf(NOT_PUBLIC_4);
const public6 = listOf(PUBLIC_6);
const notPublic6 = listOf(NOT_PUBLIC_6);

/** Whether an address is on the public internet; what isn't an address is not. */
export function isPublic(address: string): boolean {
  if (address.includes('%')) return false;
  const version = isIP(address);
  if (version === 4) return !notPublic4.check(address, 'ipv4');
  return version === 6 && public6.check(address, 'ipv6') && !notPublic6.check(address, 'ipv6');
}

/**
 * Makes the test of what a webhook may be delivered to.
 * @param networks What is allowed besides what is public.
 * @param listedOnly Whether only they are.
 */
export function allowance(networks: readonly string[], listedOnly: boolean): (address: string) => boolean {
  const listed = listOf(networks);
  return (address) => {
    if (address.includes('%')) return false;
    const version = isIP(address);
    if (version === 0) return false;
    return listed.check(address, version === 4 ? 'ipv4' : 'ipv6') || (!listedOnly && isPublic(address));
  };
}

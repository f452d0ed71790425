import { expect, it } from 'vitest';
import { networkOf } from './network-address.js';

it.each(['10.0.0.0/33', 'x', '10.0.0.0/', '::/129', 'fe80::1%eth0', '10.0.0.1/8/8', ''])(
  'knows no network %j',
  (text) => {
    expect(networkOf(text)).toBeUndefined();
  },
);

it('reads an address as a network of its own', () => {
  expect(networkOf('10.0.0.1')).toEqual({ address: '10.0.0.1', bits: 32, type: 'ipv4' });
  expect(networkOf('fd00::/8')).toEqual({ address: 'fd00::', bits: 8, type: 'ipv6' });
});

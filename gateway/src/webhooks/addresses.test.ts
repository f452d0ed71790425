import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowance, isPublic } from './addresses.js';

describe('isPublic', () => {
  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.0.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    '2a00::1%eth0',
    'fec0::1',
    'ff02::1',
    'localhost',
    '',
    '8.8.8',
    '0x7f.1',
  ])('refuses %j', (address) => {
    expect(isPublic(address)).toBe(false);
  });

  it.each(['8.8.8.8', '100.63.255.255', '100.128.0.1', '172.32.0.1', '192.0.1.1', '2a00:1450::1', '2606::1'])(
    'lets %j pass',
    (address) => {
      expect(isPublic(address)).toBe(true);
    },
  );

  it('refuses every IPv4 address in an IPv6 one', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => !isPublic(`::ffff:${address}`) && !isPublic(`::${address}`)),
    );
  });
});

describe('allowance', () => {
  it('lets what is listed pass besides what is public, in whatever form it is written', () => {
    const allowed = allowance(['10.20.0.0/16', 'fd00::/8', '127.0.0.1'], false);
    for (const address of ['10.20.3.4', '::ffff:10.20.3.4', 'fd00::7', '127.0.0.1', '8.8.8.8'])
      expect([address, allowed(address)]).toEqual([address, true]);
    for (const address of ['10.21.0.1', 'fe80::1', '127.0.0.2', 'name', '::ffff:10.21.0.1'])
      expect([address, allowed(address)]).toEqual([address, false]);
  });

  it('lets nothing else pass where only what is listed may', () => {
    const allowed = allowance(['10.0.0.0/8'], true);
    expect([allowed('10.0.0.1'), allowed('8.8.8.8')]).toEqual([true, false]);
  });
});

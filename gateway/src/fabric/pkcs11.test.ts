import { generateKeyPairSync, sign, verify, X509Certificate } from 'node:crypto';
import type { HSMSignerFactory, HSMSignerOptions } from '@hyperledger/fabric-gateway';
import { rawOfLowS } from 'umlauf-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testCertificate } from '../testing/certificates.js';
import { missingHsm, softToken, type SoftToken } from '../testing/soft-hsm.js';
import { keyIdOf, pkcs11Signer, proveKey } from './pkcs11.js';

const { certificate, privateKey } = testCertificate({ ca: false });
const messages = Array.from({ length: 20 }, (_, index) => Buffer.from(`message ${index}`));
const isSigned = (message: Buffer, signature: Uint8Array) =>
  verify('sha256', message, new X509Certificate(certificate).publicKey, signature);

describe('pkcs11Signer', () => {
  it('asks for the key by the id that Fabric gives it, and makes one signature at a time', async () => {
    const asked: HSMSignerOptions[] = [];
    let signing = 0;
    const factory: HSMSignerFactory = {
      newSigner: (options) => {
        asked.push(options);
        return {
          signer: async (digest) => {
            signing += 1;
            expect(signing).toBe(1);
            await Promise.resolve();
            signing -= 1;
            return digest;
          },
          close: () => asked.push(options),
        };
      },
      dispose: () => undefined,
    };
    const key = { library: 'turns.so', token: 'umlauf', pin: '1' };
    const { signer, close } = pkcs11Signer(certificate, key, () => factory);
    const digests = await Promise.all(messages.map((message) => signer(message)));
    expect(digests.every(({ length }) => length === 32)).toBe(true);
    expect(asked).toEqual([{ label: 'umlauf', pin: '1', identifier: keyIdOf(certificate) }]);
    close();
    expect(asked).toHaveLength(2);
  });

  it('goes on after a signature that failed', async () => {
    let tries = 0;
    const signer = (digest: Uint8Array) => {
      tries += 1;
      return tries === 1 ? Promise.reject(new Error('CKR_DEVICE_ERROR')) : Promise.resolve(digest);
    };
    const factory = { newSigner: () => ({ signer, close: () => undefined }), dispose: () => undefined };
    const key = { library: 'fails.so', token: 'umlauf', pin: '1', keyId: 'ab' };
    const made = pkcs11Signer(certificate, key, () => factory);
    await expect(proveKey(certificate, made.signer)).rejects.toThrow('CKR_DEVICE_ERROR');
    expect(await made.signer(Buffer.from('x'))).toHaveLength(32);
  });

  it('says how to install what is missing', () => {
    const key = { library: 'missing.so', token: 'umlauf', pin: '1' };
    const load = () => {
      throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
    };
    expect(() => pkcs11Signer(certificate, key, load)).toThrow(/npm install --no-save pkcs11js/);
  });

  it('shows that the key is another one than the certificate has', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const signer = (message: Uint8Array) => Promise.resolve(sign('sha256', message, other.privateKey));
    await expect(proveKey(certificate, signer)).rejects.toThrow(/does not belong to the certificate/);
  });
});

describe.skipIf(missingHsm)(`a key in SoftHSM${missingHsm ? ` (${missingHsm})` : ''}`, () => {
  let token: SoftToken;
  beforeAll(() => {
    token = softToken();
    token.add(privateKey, keyIdOf(certificate).toString('hex'));
  });
  afterAll(() => token.remove());
  const keyIn = ({ library, token: label, pin }: SoftToken) => ({ library, token: label, pin });

  it('signs, with a low S, however many at once', async () => {
    const { signer, close } = pkcs11Signer(certificate, keyIn(token));
    await proveKey(certificate, signer);
    const signatures = await Promise.all(messages.map((message) => signer(message)));
    signatures.forEach((signature, index) => {
      expect(isSigned(messages[index]!, signature)).toBe(true);
      expect(() => rawOfLowS(signature)).not.toThrow();
    });
    close();
  });

  it.each([
    ['PIN', { pin: '00000000' }, /CKR_PIN_INCORRECT/],
    ['token', { token: 'other' }, /label other cannot be found/],
    ['key', { keyId: 'abcd' }, /the key abcd in the token umlauf cannot be used: there is none/],
    ['library', { library: '/nowhere/libhsm.so' }, /the library \/nowhere\/libhsm.so cannot be used/],
  ])('is refused with another %s, by name', (_what, other, message) => {
    expect(() => pkcs11Signer(certificate, { ...keyIn(token), ...other })).toThrow(message);
  });
});

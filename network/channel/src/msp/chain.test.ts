import { beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, issueCertificate } from '../certificates/issue.js';
import type { KeyPair } from '../certificates/key-pair.js';
import { certificateDer } from '../certificates/pem.js';
import { hex, sha256 } from '../encoding/bytes.js';
import { mspConfig } from '../profile/organization-groups.js';
import { intermediateAuthority } from '../testing/intermediate.js';
import { parseCertificate, type MspCertificate } from './certificate.js';
import { buildChain } from './chain.js';
import { Msp } from './msp.js';

const VALIDITY = { notBefore: new Date(Date.now() - 200_000), notAfter: new Date(Date.now() + 3_600_000) };
const ROOT_VALIDITY = { ...VALIDITY, notBefore: new Date(Date.now() - 300_000) };

let root: KeyPair;
let intermediate: KeyPair;
let leaf: KeyPair;

beforeAll(async () => {
  root = await createAuthority('root', 'a.example', ROOT_VALIDITY);
  intermediate = await intermediateAuthority('intermediate', root);
  leaf = await issueCertificate(intermediate, {
    commonName: 'peer',
    organizationalUnits: ['peer'],
    organization: 'a.example',
    use: { kind: 'signing' },
    validity: VALIDITY,
  });
});

function parsed(...keyPairs: readonly KeyPair[]): MspCertificate[] {
  return keyPairs.map(({ certificate }) => parseCertificate(certificate)!);
}

describe('A chain of certificates', () => {
  it('leads over an intermediate authority to the root', () => {
    const [subject] = parsed(leaf);
    const found = buildChain(subject!, { roots: parsed(root), intermediates: parsed(intermediate) });
    expect('chain' in found && found.chain.map(({ commonName }) => commonName)).toEqual([
      'peer',
      'intermediate',
      'root',
    ]);
  });

  it('ends nowhere without the intermediate, and with a certificate that may not sign', () => {
    const [subject] = parsed(leaf);
    const without = buildChain(subject!, { roots: parsed(root), intermediates: [] });
    expect(without).toEqual({ failure: 'x509: certificate signed by unknown authority' });
    const wrong = buildChain(subject!, { roots: parsed(root), intermediates: parsed(leaf) });
    expect(wrong).toEqual({ failure: 'x509: certificate signed by unknown authority' });
  });

  it('is refused where there are two', () => {
    const [subject] = parsed(leaf);
    const found = buildChain(subject!, {
      roots: parsed(root, intermediate),
      intermediates: parsed(intermediate),
    });
    expect('failure' in found && found.failure).toBe(
      'this MSP only supports a single validation chain, got 2',
    );
  });

  it('identifies the authorities by the hash of their certificates, from issuer to root', () => {
    const msp = Msp.fromConfig(
      mspConfig({
        mspId: 'AMSP',
        caCertificates: [root.certificate],
        intermediateCertificates: [intermediate.certificate],
        tlsCaCertificates: [root.certificate],
      }),
    );
    const ders = [intermediate, root].map(({ certificate }) => certificateDer(certificate)!);
    expect(msp.validate(leaf.certificate).chainId).toBe(hex(sha256(...ders)));
  });
});

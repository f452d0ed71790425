import { webcrypto } from 'node:crypto';

/** What a certificate is asked for. */
export interface RequestedCertificate {
  readonly commonName: string;
  /** The node OU (peer, orderer, admin, client) first, then any others. */
  readonly organizationalUnits: readonly string[];
  /** O of the subject. */
  readonly organization: string;
  /** Names and addresses that a TLS certificate is to stand for; absent for a signing identity. */
  readonly hosts?: readonly string[] | undefined;
}

/** A fresh key and the request to any certificate authority to certify it. */
export interface KeyRequest {
  /** PKCS#10 (RFC 2986), PEM. */
  readonly request: string;
  /** PKCS#8 PEM. */
  readonly privateKey: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
}

const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/**
 * Makes a P-256 key and a request for its certificate. It asks for the key usages and names that Fabric's nodes need;
 * an authority may leave out of it what it decides by itself.
 */
export async function requestCertificate(wanted: RequestedCertificate): Promise<KeyRequest> {
  const { x509, AsnConvert, nodeExtensions, subjectName } = await loadX509();
  const keys = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify']);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: new x509.Name(
      AsnConvert.serialize(subjectName(wanted.commonName, wanted.organization, wanted.organizationalUnits)),
    ),
    keys,
    signingAlgorithm: P256,
    extensions: nodeExtensions(wanted.hosts).map(
      (extension) => new x509.Extension(AsnConvert.serialize(extension)),
    ),
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    request: `${request.toString('pem')}\n`,
    privateKey: `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`,
    publicKey: new Uint8Array(await webcrypto.subtle.exportKey('spki', keys.publicKey)),
  };
}

/**
 * The public key that a request (PEM) is about: SubjectPublicKeyInfo, DER.
 * @throws Error if it is no request
 */
export async function requestedKey(pem: string): Promise<Uint8Array> {
  const { x509 } = await loadX509();
  return new Uint8Array(new x509.Pkcs10CertificateRequest(pem).publicKey.rawData);
}

/** Loaded only for requests: it takes a while. */
async function loadX509() {
  await import('reflect-metadata');
  const [x509, { AsnConvert }, { nodeExtensions }, { subjectName }] = await Promise.all([
    import('@peculiar/x509'),
    import('@peculiar/asn1-schema'),
    import('./extensions.js'),
    import('./names.js'),
  ]);
  return { x509, AsnConvert, nodeExtensions, subjectName };
}

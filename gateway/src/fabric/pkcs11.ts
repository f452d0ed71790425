/**
 * Signing with a key that stays in a hardware security module, by PKCS #11 through the client library's own signer.
 *
 * That needs the package `pkcs11js`, which is compiled where it is installed: only gateways whose configuration names a
 * module load it.
 */
import { X509Certificate, createHash, verify } from 'node:crypto';
import { signers, type HSMSigner, type HSMSignerFactory, type Signer } from '@hyperledger/fabric-gateway';

/** Where a private key is. */
export interface Pkcs11Key {
  /** Path of the module's library. */
  readonly library: string;
  /** Label of the token. */
  readonly token: string;
  /** Its user's PIN. */
  readonly pin: string;
  /** `CKA_ID` of the key, in hexadecimal; default: the certificate's key identifier as Fabric computes it. */
  readonly keyId?: string | undefined;
}

/** The key can't be used; the message says what is missing. */
class Pkcs11Error extends Error {
  override readonly name = 'Pkcs11Error';
}

/** A signer, and its session. */
export interface Pkcs11Signer {
  readonly signer: Signer;
  /** Ends the session, after the signature that is being made. */
  readonly close: () => void;
}

type LoadFactory = (library: string) => HSMSignerFactory;

const INSTALL =
  'the package pkcs11js is not installed or not compiled: npm install --no-save pkcs11js@2 (with a C++ compiler), or npm rebuild pkcs11js';

/** A library is initialised once in a process (`CKR_CRYPTOKI_ALREADY_INITIALIZED`), and serves all gateways in it. */
const factories = new Map<string, HSMSignerFactory>();

function factoryOf(library: string, load: LoadFactory): HSMSignerFactory {
  const known = factories.get(library);
  if (known) return known;
  try {
    const factory = load(library);
    factories.set(library, factory);
    return factory;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'MODULE_NOT_FOUND') throw new Pkcs11Error(INSTALL, { cause: error });
    throw new Pkcs11Error(`the library ${library} cannot be used: ${message}`, { cause: error });
  }
}

/** SHA-256 over the uncompressed point of a certificate's key: the subject key identifier by which Fabric stores keys. */
export function keyIdOf(certificate: string): Buffer {
  const { x = '', y = '' } = new X509Certificate(certificate).publicKey.export({ format: 'jwk' });
  const point = [Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
  return createHash('sha256').update(Buffer.concat(point)).digest();
}

/** One after the other: a session makes one signature at a time (`CKR_OPERATION_ACTIVE`). */
function inTurn(sign: Signer): Signer {
  let last: Promise<unknown> = Promise.resolve();
  return (digest) => {
    const next = last.then(() => sign(digest));
    last = next.catch(() => undefined);
    return next;
  };
}

function opened({ library, token, pin }: Pkcs11Key, identifier: Buffer, load: LoadFactory): HSMSigner {
  const factory = factoryOf(library, load);
  try {
    return factory.newSigner({ label: token, pin, identifier });
  } catch (error) {
    const { message } = error as Error;
    // The library's own text has the id as if it were text.
    const reason = message.startsWith('Unable to find object') ? 'there is none' : message;
    throw new Pkcs11Error(
      `the key ${identifier.toString('hex')} in the token ${token} cannot be used: ${reason}`,
      { cause: error },
    );
  }
}

/**
 * A signer of the messages themselves, as {@link ecdsaSigner}.
 * @throws {Pkcs11Error} if the library can't be loaded, or hasn't that token, PIN or key.
 */
export function pkcs11Signer(
  certificate: string,
  key: Pkcs11Key,
  load: LoadFactory = (library) => signers.newHSMSignerFactory(library),
): Pkcs11Signer {
  const identifier = key.keyId === undefined ? keyIdOf(certificate) : Buffer.from(key.keyId, 'hex');
  const session = opened(key, identifier, load);
  const digestSigner = inTurn(session.signer);
  return {
    signer: (message) => digestSigner(createHash('sha256').update(message).digest()),
    close: () => session.close(),
  };
}

/**
 * Has a signer show that it has the key of a certificate.
 * @throws {Pkcs11Error} if it hasn't.
 */
export async function proveKey(certificate: string, signer: Signer): Promise<void> {
  const message = Buffer.from('proof of possession');
  let signature: Uint8Array;
  try {
    signature = await signer(message);
  } catch (error) {
    throw new Pkcs11Error(`the token does not sign: ${(error as Error).message}`, { cause: error });
  }
  if (!verify('sha256', message, new X509Certificate(certificate).publicKey, signature))
    throw new Pkcs11Error('the key in the token does not belong to the certificate');
}

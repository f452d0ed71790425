import { createHash } from 'node:crypto';
import { tarGz } from './archive.js';
import type { ChaincodeCode } from './code.js';

/** What is installed on peers. */
export interface ChaincodePackage {
  readonly label: string;
  /** `<label>:<SHA-256 of the package>`, as Fabric makes it (core/chaincode/persistence). */
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** What a peer fills the templates in a package with (its builder's configuration). */
export interface ServiceAddress {
  /** What comes before and after the code's hash in the service's address. */
  readonly prefix: string;
  readonly suffix: string;
  /** PEM */
  readonly rootCertificate: string;
}

/**
 * A chaincode-as-a-service package for some code. All organizations install the very same; where each one's service
 * listens is left to templates, with the code's hash in the address, so that the services of two versions run side by
 * side while one follows the other.
 */
export function chaincodePackage({ label, hash }: ChaincodeCode): ChaincodePackage {
  const connection = {
    address: `{{.prefix}}${hash}{{.suffix}}`,
    dial_timeout: '10s',
    tls_required: true,
    client_auth_required: false,
    root_cert: '{{.rootCertificate}}',
  };
  const bytes = tarGz([
    { name: 'code.tar.gz', content: tarGz([{ name: 'connection.json', content: json(connection) }]) },
    { name: 'metadata.json', content: json({ type: 'ccaas', label }) },
  ]);
  return { label, id: `${label}:${createHash('sha256').update(bytes).digest('hex')}`, bytes };
}

/** Folder of a member's chaincode sockets, relative to its working folder. */
const SOCKETS = 'sockets';
const SOCKET = { prefix: `unix:${SOCKETS}/`, suffix: '.sock' };

/**
 * Where the service for some code listens: a Unix socket in its member's own folder, which nobody else can enter. The
 * path is relative to the working folder, since the length of a socket's is limited.
 */
export function socketAddress(hash: string): string {
  return `${SOCKET.prefix}${hash}${SOCKET.suffix}`;
}

/**
 * How a peer finds a service.
 * @param folder the service's working folder, relative to that of the peer; default: the same
 */
export function serviceAddress(rootCertificate: string, folder?: string): ServiceAddress {
  return {
    ...SOCKET,
    ...(folder === undefined ? {} : { prefix: `unix:${folder}/${SOCKETS}/` }),
    rootCertificate,
  };
}

/** The builder's configuration of a peer, as it wants it in its environment. */
export function builderConfig(address: ServiceAddress): string {
  return JSON.stringify(address);
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

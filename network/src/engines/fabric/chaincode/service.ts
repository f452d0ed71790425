import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MemberLayout } from '../nodes/layout.js';
import type { ProcessSpec } from '../nodes/processes.js';
import { dependencyFolders, shippedChaincode } from './code.js';
import { socketAddress } from './package.js';

const SERVER = fileURLToPath(new URL('./server.js', import.meta.url));

/** A chaincode service: which code, under which package id. */
export interface ServiceSettings {
  readonly memberId: string;
  readonly layout: MemberLayout;
  /** Where the code was staged. */
  readonly folder: string;
  readonly label: string;
  readonly hash: string;
  readonly packageId: string;
}

/** The name of the process that serves some code for a member. */
export function serviceName(memberId: string, hash: string): string {
  return `${memberId}.chaincode-${hash}`;
}

/** A member's own chaincode service, with the TLS certificate of its peer, whose companion it is. */
export function chaincodeService(settings: ServiceSettings): ProcessSpec {
  const { layout } = settings;
  return {
    name: serviceName(settings.memberId, settings.hash),
    command: process.execPath,
    args: [
      SERVER,
      ...['--code', settings.folder],
      ...['--label', settings.label],
      ...['--package-id', settings.packageId],
      ...['--address', socketAddress(settings.hash)],
      ...['--tls-certificate', layout.peer.tlsCertificate],
      ...['--tls-key', layout.peer.tlsKey],
    ],
    cwd: layout.directory,
    env: {
      // Staged code has no node_modules of its own.
      NODE_PATH: dependencyFolders(shippedChaincode()).join(delimiter),
      // The shim is noisy: it logs every message.
      CORE_CHAINCODE_LOGGING_LEVEL: 'ERROR',
      CORE_CHAINCODE_LOGGING_SHIM: 'ERROR',
    },
  };
}

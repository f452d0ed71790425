import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MemberLayout } from '../nodes/layout.js';
import type { ProcessSpec } from '../nodes/processes.js';
import { socketAddress } from '../../chaincode/package.js';
import type { Release } from '../../chaincode/release.js';
import { formatServerOptions } from './server-command.js';

const SERVER = fileURLToPath(new URL('./server.js', import.meta.url));

/** The name of the process that serves some code for a member. */
export function serviceName(memberId: string, hash: string): string {
  return `${memberId}.chaincode-${hash}`;
}

/**
 * A member's own chaincode service. It shows the TLS certificate of the peer whose companion it is.
 * @param dependencies folders with the packages that the code needs
 */
export function chaincodeService(
  memberId: string,
  layout: MemberLayout,
  release: Release,
  dependencies: readonly string[],
): ProcessSpec {
  return {
    name: serviceName(memberId, release.code.hash),
    command: process.execPath,
    args: [
      SERVER,
      ...formatServerOptions({
        code: release.folder,
        label: release.code.label,
        packageId: release.package.id,
        address: socketAddress(release.code.hash),
        tlsCertificate: layout.peer.tlsCertificate,
        tlsKey: layout.peer.tlsKey,
      }),
    ],
    cwd: layout.directory,
    env: {
      NODE_PATH: dependencies.join(delimiter), // staged code has no node_modules of its own
      CORE_CHAINCODE_LOGGING_LEVEL: 'ERROR', // the shim else logs every message
      CORE_CHAINCODE_LOGGING_SHIM: 'ERROR',
    },
  };
}

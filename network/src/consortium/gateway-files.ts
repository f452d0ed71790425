/**
 * The configuration by which a member's gateway can run as a process of its own (`umlauf gateway run`), on either engine:
 * what the consortium file and the home say of it, in one file, with the paths of the keys.
 */
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { writeAtomically } from '../home/files.js';
import type { Home } from '../home/home.js';
import { organizationFolder } from '../home/organizations.js';
import type { SentOptions } from './gateways-worker.js';

/** Where a home keeps what is a member's gateway's own. */
export function gatewayFolder(home: Pick<Home, 'path'>, memberId: string): string {
  return home.path('gateways', memberId);
}

/** Writes the configuration, `gateway.yaml`, and beside it the public keys that it names. */
export function writeGatewayFiles(home: Pick<Home, 'path'>, options: SentOptions): void {
  const { memberId, mspId, channel, chaincode, listen, peer, identities, tokens } = options;
  const { public: isPublic = false } = options;
  const folder = gatewayFolder(home, memberId);
  const beside = (name: string, content: string): string => {
    writeAtomically(join(folder, name), content);
    return name;
  };
  const { tlsRootCertificates, ...address } = peer;
  const configuration = {
    memberId,
    mspId,
    channel,
    chaincode,
    listen,
    peer: { ...address, tlsRootCertificates: beside('peer-tls-roots.pem', tlsRootCertificates) },
    identities: Object.fromEntries(
      Object.keys(identities).map((role) => {
        const msp = relative(folder, join(organizationFolder(home, memberId), 'users', role, 'msp'));
        const certificate = join(msp, 'signcerts', 'cert.pem');
        return [role, { certificate, privateKey: join(msp, 'keystore', 'priv_sk') }];
      }),
    ),
    tokens: { ...tokens, jwks: beside('token-issuer.json', JSON.stringify(tokens.jwks)) },
    public: isPublic,
    journal: { folder: JOURNAL },
    audit: { file: 'audit.log' },
  };
  beside(
    'gateway.yaml',
    `# Written at each start. umlauf gateway run --config gateway.yaml\n${stringify(configuration)}`,
  );
}

/** Folder of the journal, below the gateway's. */
export const JOURNAL = 'journal';

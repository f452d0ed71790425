import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Authority, KeyPair } from './key-pair.js';
import { nodeUnitsFile } from './node-units-file.js';
import type { NodeMaterial, OrganizationMaterial } from './organization.js';

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;
const DESCRIPTION = 'organization.json';
const ADMIN = 'admin';
const INTERMEDIATES = 'intermediatecerts';
const TLS_INTERMEDIATES = 'tlsintermediatecerts';

/** A folder that holds no organization. */
export class OrganizationFolderError extends Error {
  override readonly name = 'OrganizationFolderError';
}

/**
 * Writes an organization in the layout that Fabric's own tools use, so that peers, orderers and command-line clients
 * can be pointed at it:
 *
 *     msp/                               what others need: roots and node OUs
 *     ca/ tlsca/                         the authorities, with their keys if they are run here
 *     peers/peer.<domain>/{msp,tls}      orderers/orderer.<domain>/{msp,tls}
 *     users/{admin,<name>}/msp
 *
 * Private keys are readable by their owner alone.
 */
export async function writeOrganization(folder: string, material: OrganizationMaterial): Promise<void> {
  const { mspId, domain } = material;
  const users = Object.entries({ ...material.users, [ADMIN]: material.admin });
  await Promise.all([
    writeMsp(join(folder, 'msp'), material),
    writeAuthority(join(folder, 'ca'), `ca.${domain}`, material.ca),
    writeAuthority(join(folder, 'tlsca'), `tlsca.${domain}`, material.tlsCa),
    writeNode(join(folder, 'peers', `peer.${domain}`), material, material.peer),
    writeNode(join(folder, 'orderers', `orderer.${domain}`), material, material.orderer),
    ...users.map(([name, keyPair]) => writeMsp(join(folder, 'users', name, 'msp'), material, keyPair)),
  ]);
  // Last, so that a folder that was left half written isn't taken for whole.
  await writeText(join(folder, DESCRIPTION), `${JSON.stringify({ mspId, domain }, undefined, 2)}\n`);
}

/**
 * Reads what `writeOrganization` wrote.
 * @throws OrganizationFolderError naming the file that is missing or unreadable
 */
export async function readOrganization(folder: string): Promise<OrganizationMaterial> {
  const { mspId, domain } = parseDescription(folder, await readText(join(folder, DESCRIPTION)));
  const authority = async (name: 'ca' | 'tlsca', intermediates: string): Promise<Authority> => {
    const key = join(folder, name, 'priv_sk');
    const between = await readTexts(join(folder, 'msp', intermediates));
    return {
      certificate: await readText(join(folder, name, `${name}.${domain}-cert.pem`)),
      ...(existsSync(key) ? { privateKey: await readText(key) } : {}),
      ...(between.length > 0 ? { intermediates: between } : {}),
    };
  };
  const { [ADMIN]: admin, ...users } = await readUsers(join(folder, 'users'));
  if (!admin) throw new OrganizationFolderError(`${join(folder, 'users', ADMIN)} is missing`);
  return {
    mspId,
    domain,
    ca: await authority('ca', INTERMEDIATES),
    tlsCa: await authority('tlsca', TLS_INTERMEDIATES),
    admin,
    peer: await readNode(join(folder, 'peers', `peer.${domain}`)),
    orderer: await readNode(join(folder, 'orderers', `orderer.${domain}`)),
    users,
  };
}

async function writeMsp(folder: string, material: OrganizationMaterial, identity?: KeyPair): Promise<void> {
  const { domain } = material;
  await writeText(join(folder, 'cacerts', `ca.${domain}-cert.pem`), material.ca.certificate);
  await writeText(join(folder, 'tlscacerts', `tlsca.${domain}-cert.pem`), material.tlsCa.certificate);
  await writeTexts(join(folder, INTERMEDIATES), material.ca.intermediates);
  await writeTexts(join(folder, TLS_INTERMEDIATES), material.tlsCa.intermediates);
  await writeText(join(folder, 'config.yaml'), nodeUnitsFile());
  if (!identity) return;
  await writeText(join(folder, 'signcerts', 'cert.pem'), identity.certificate);
  await writeSecret(join(folder, 'keystore'), 'priv_sk', identity.privateKey);
}

async function writeNode(folder: string, material: OrganizationMaterial, node: NodeMaterial): Promise<void> {
  const tls = join(folder, 'tls');
  await writeMsp(join(folder, 'msp'), material, node.signing);
  await writeText(join(tls, 'ca.crt'), material.tlsCa.certificate);
  await writeText(join(tls, 'server.crt'), node.tls.certificate);
  await writeSecret(tls, 'server.key', node.tls.privateKey);
}

async function writeAuthority(folder: string, name: string, authority: Authority): Promise<void> {
  await writeText(join(folder, `${name}-cert.pem`), authority.certificate);
  if (authority.privateKey !== undefined) await writeSecret(folder, 'priv_sk', authority.privateKey);
}

async function readNode(folder: string): Promise<NodeMaterial> {
  return {
    signing: await readIdentity(join(folder, 'msp')),
    tls: {
      certificate: await readText(join(folder, 'tls', 'server.crt')),
      privateKey: await readText(join(folder, 'tls', 'server.key')),
    },
  };
}

async function readUsers(folder: string): Promise<Record<string, KeyPair>> {
  const users: Record<string, KeyPair> = {};
  for (const name of (await reading(folder, readdir(folder))).sort()) {
    users[name] = await readIdentity(join(folder, name, 'msp'));
  }
  return users;
}

async function readIdentity(folder: string): Promise<KeyPair> {
  return {
    certificate: await readText(join(folder, 'signcerts', 'cert.pem')),
    privateKey: await readText(join(folder, 'keystore', 'priv_sk')),
  };
}

function parseDescription(folder: string, text: string): { mspId: string; domain: string } {
  const refuse = (cause?: unknown): never => {
    throw new OrganizationFolderError(`${join(folder, DESCRIPTION)} is malformed`, { cause });
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    return refuse(cause);
  }
  if (typeof parsed !== 'object' || parsed === null || !('mspId' in parsed) || !('domain' in parsed))
    return refuse();
  const { mspId, domain } = parsed;
  return typeof mspId === 'string' && typeof domain === 'string' ? { mspId, domain } : refuse();
}

async function writeText(path: string, text: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
}

/** One file each, in the order of the list. */
async function writeTexts(folder: string, texts: readonly string[] = []): Promise<void> {
  for (const [index, text] of texts.entries()) await writeText(join(folder, `${index}.pem`), text);
}

async function readTexts(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const names = await reading(folder, readdir(folder));
  const inOrder = names.sort((a, b) => Number.parseInt(a) - Number.parseInt(b));
  return Promise.all(inOrder.map((name) => readText(join(folder, name))));
}

async function writeSecret(folder: string, name: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
  const path = join(folder, name);
  await writeFile(path, text, { mode: OWNER_ONLY_FILE });
  // The mode above holds for a new file only.
  await chmod(path, OWNER_ONLY_FILE);
}

async function readText(path: string): Promise<string> {
  return reading(path, readFile(path, 'utf8'));
}

async function reading<T>(path: string, content: Promise<T>): Promise<T> {
  try {
    return await content;
  } catch (cause) {
    throw new OrganizationFolderError(`${path} can't be read`, { cause });
  }
}

/** The chaincode packages that run in this process, and on which organizations' peers each is installed. */
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { ChaincodeHost } from './stream.js';

export interface InstalledPackage {
  readonly packageId: string;
  readonly label: string;
  readonly host: ChaincodeHost;
  /** Organizations that have it; `undefined`: every one, also those that join later. */
  readonly mspIds: ReadonlySet<string> | undefined;
}

export class ChaincodePackages {
  readonly #installed = new Map<string, InstalledPackage>();

  add(entry: InstalledPackage): void {
    this.#installed.set(entry.packageId, entry);
  }

  /** The package, if this organization's peer has it. */
  find(packageId: string, mspId: string): InstalledPackage | undefined {
    const entry = this.#installed.get(packageId);
    return entry?.mspIds === undefined || entry.mspIds.has(mspId) ? entry : undefined;
  }

  get(packageId: string): InstalledPackage | undefined {
    return this.#installed.get(packageId);
  }

  /** Forgets a package and ends it. */
  async remove(packageId: string): Promise<void> {
    const entry = this.#installed.get(packageId);
    this.#installed.delete(packageId);
    await entry?.host.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#installed.values()].map(({ host }) => host.close()));
    this.#installed.clear();
  }
}

/**
 * `<label>:<SHA-256>` like a real package's id, here over the package's files (names and contents, without
 * node_modules), so that two folders with the same code have the same id.
 */
export async function packageId(label: string, directory: string): Promise<string> {
  const hash = createHash('sha256');
  for (const path of await files(directory)) {
    const content = await readFile(path);
    hash.update(`${relative(directory, path)}\0${content.length}\0`).update(content);
  }
  return `${label}:${hash.digest('hex')}`;
}

async function files(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
    const path = join(directory, entry.name);
    found.push(...(entry.isDirectory() ? await files(path) : [path]));
  }
  return found.sort();
}

/**
 * What one organization's peer knows of the chaincodes of the channel (Fabric: the lifecycle cache): which are
 * committed, whether this organization has approved them, and which installed package they stand for.
 */
import type { PublishedChaincode } from '../discovery/membership.js';
import type { ChaincodePackages } from '../chaincode/packages.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Simulator } from '../ledger/simulator.js';
import type { LedgerView } from '../ledger/view.js';
import {
  LIFECYCLE,
  lifecycleState,
  NAMESPACES,
  parametersRecord,
  readDefinition,
  readSequence,
  SOURCES,
} from './definition.js';
import type { ChaincodeDefinition } from './definition.js';
import { implicitCollection } from './implicit-collection.js';
import { isSerialized, metadataKeys, readField } from './serializer.js';
import { createHash } from 'node:crypto';

/** What a peer needs to run a chaincode. */
export interface EndorsementInfo {
  readonly version: string;
  readonly packageId: string;
  readonly initRequired: boolean;
}

interface ChaincodeInfo {
  readonly definition: ChaincodeDefinition;
  readonly approved: boolean;
  readonly packageId: string;
}

/** A definition by one name and sequence: what an organization approves. */
export const approvalName = (name: string, sequence: number): string => `${name}#${sequence}`;

export class ChaincodeDirectory {
  readonly #mspId: string;
  readonly #packages: ChaincodePackages;
  readonly #ledger: Ledger;
  readonly #cache = new Map<string, ChaincodeInfo | undefined>();
  #names: Promise<readonly string[]> | undefined;
  readonly #unsubscribe: () => void;

  constructor(mspId: string, ledger: Ledger, packages: ChaincodePackages) {
    this.#mspId = mspId;
    this.#packages = packages;
    this.#ledger = ledger;
    this.#unsubscribe = ledger.onCommit(({ updates }) => {
      if (!updates.touches(LIFECYCLE)) return;
      this.#cache.clear();
      this.#names = undefined;
    });
  }

  close(): void {
    this.#unsubscribe();
  }

  /** Whether this peer can run the chaincode (what real peers tell each other by gossip). */
  canRun(name: string): boolean {
    const info = this.#info(name);
    return info?.approved === true && this.#packages.find(info.packageId, this.#mspId) !== undefined;
  }

  /** What it can run, by name, and `_lifecycle` itself: the sequence is told as the version (Fabric: lifecycle.Cache). */
  async published(): Promise<readonly PublishedChaincode[]> {
    this.#names ??= this.#readNames();
    const runnable = (await this.#names).filter((name) => this.canRun(name));
    return [
      ...runnable.map((name) => ({ name, version: String(this.#info(name)?.definition.sequence) })),
      { name: LIFECYCLE, version: '1' },
    ];
  }

  /**
   * Looks the chaincode up for a simulation, which thereby depends on the definition's sequence.
   * @throws Error with Fabric's wording
   */
  endorsementInfo(name: string, simulator: Simulator): EndorsementInfo {
    const sequence = readSequence(name, { get: (key) => simulator.get(LIFECYCLE, key) });
    const info = sequence === 0 ? undefined : this.#info(name);
    if (info === undefined) throw new Error(`chaincode ${name} not found`);
    const { definition, approved, packageId } = info;
    if (definition.sequence !== sequence) {
      throw new Error(
        `chaincode cache at sequence ${definition.sequence} but current sequence is ${sequence}, chaincode definition for '${name}' changed during invoke`,
      );
    }
    if (!approved) {
      throw new Error(
        `chaincode definition for '${name}' at sequence ${sequence} on channel '${this.#ledger.channelId}' has not yet been approved by this org`,
      );
    }
    if (this.#packages.find(packageId, this.#mspId) === undefined) {
      throw new Error(`chaincode definition for '${name}' exists, but chaincode is not installed`);
    }
    return { version: definition.version, packageId, initRequired: definition.initRequired };
  }

  #info(name: string): ChaincodeInfo | undefined {
    if (this.#cache.has(name)) return this.#cache.get(name);
    const view = this.#ledger.view();
    try {
      const info = this.#read(name, view);
      this.#cache.set(name, info);
      return info;
    } finally {
      view.close();
    }
  }

  /** The names of all definitions. */
  async #readNames(): Promise<readonly string[]> {
    const view = this.#ledger.view();
    const { start, end } = metadataKeys(NAMESPACES);
    const entries = view.range(LIFECYCLE, start, end);
    try {
      const names: string[] = [];
      for (let entry = await entries.next(); entry; entry = await entries.next())
        names.push(entry.key.slice(start.length));
      return names;
    } finally {
      await entries.close();
      view.close();
    }
  }

  #read(name: string, view: LedgerView): ChaincodeInfo | undefined {
    const definition = readDefinition(name, lifecycleState(view));
    if (definition === undefined) return undefined;
    const collection = implicitCollection(this.#mspId);
    const approval = approvalName(name, definition.sequence);
    const { matches } = isSerialized(NAMESPACES, approval, parametersRecord(definition), {
      hash: (key) => view.getHash(LIFECYCLE, collection, sha256(key))?.value,
    });
    const packageId = approvedPackage(name, definition.sequence, this.#mspId, view) ?? '';
    return { definition, approved: matches, packageId };
  }
}

/** The package that an organization approved for a sequence, as its own private records have it. */
export function approvedPackage(
  name: string,
  sequence: number,
  mspId: string,
  view: Pick<LedgerView, 'getPrivate'>,
): string | undefined {
  const collection = implicitCollection(mspId);
  const source = readField(SOURCES, approvalName(name, sequence), 'PackageID', {
    get: (key) => view.getPrivate(LIFECYCLE, collection, key)?.value,
  });
  return source.getString() === '' ? undefined : source.getString();
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The cooperative's chaincode on the embedded network: the same code under the same package id as on real Fabric. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createSigner } from 'umlauf-channel';
import { loadChaincode, type ChaincodeHost, type EmbeddedNetwork, type Logger } from 'umlauf-embedded';
import type { ChaincodeInForce, EngineContext } from '../engine.js';
import type { Home } from '../home/home.js';
import type { LocalOrganization } from '../home/organizations.js';
import { UserError } from '../user-error.js';
import { METADATA_CALL } from './chaincode/metadata-call.js';
import { dependencyFolders, shippedChaincode } from './chaincode/code.js';
import { findRelease, makeRelease, type Release } from './chaincode/release.js';
import { EndorserClient } from './fabric/client/endorser-client.js';

/** In the home. */
const CHAINCODES = 'chaincodes';

/** Chaincode that loads while the network isn't there yet. */
export interface LoadingChaincode {
  readonly release: Release;
  readonly host: ChaincodeHost;
}

/** Loads the chaincode of this installation, which a new channel is to run. */
export function loadShipped(home: Home, logger: Logger): LoadingChaincode {
  const release = makeRelease(shippedChaincode(), home.path(CHAINCODES));
  const { label } = release.code;
  const host = loadChaincode({
    path: release.folder,
    packageId: release.package.id,
    dependencies: dependencyFolders(shippedChaincode()),
    onOutput: (text) => logger.debug(`${label}: ${text.trimEnd()}`),
  });
  return { release, host };
}

export class EmbeddedChaincode {
  private readonly name: string;
  /** The code that services run, one folder for each label. */
  private readonly folder: string;
  private release: Release | undefined;

  constructor(
    private readonly network: EmbeddedNetwork,
    private readonly context: EngineContext,
    private readonly loading: LoadingChaincode | undefined,
  ) {
    this.name = context.description.chaincode;
    this.folder = context.home.path(CHAINCODES);
  }

  /** Runs what is in force, or brings the chaincode of this installation into force if there is nothing. */
  async open(members: readonly LocalOrganization[]): Promise<void> {
    const packageId = this.inForce(members)?.packageId;
    if (packageId === undefined || !this.has(packageId)) {
      // Each gateway makes sure by itself that its peer answers.
      await this.bringIntoForce(members, shippedChaincode());
      return;
    }
    this.release = findRelease(packageId, this.folder);
    await this.install(this.release);
    await this.approve(members);
  }

  inForce(members: readonly LocalOrganization[]): ChaincodeInForce | undefined {
    const { name, network } = this;
    const definition = network.chaincodeDefinition(name);
    if (!definition) return undefined;
    const { version, sequence } = definition;
    const packageId = members
      .map(({ material }) => network.approvedPackage(name, sequence, material.mspId))
      .find((id) => id !== undefined);
    const unapproved = [...network.config.organizations.keys()].filter(
      (mspId) => !network.hasApproved(name, mspId),
    );
    return { name, version, sequence, packageId, unapproved };
  }

  /** Has members approve what is in force, unless they have. */
  async approve(members: readonly LocalOrganization[]): Promise<void> {
    const definition = this.network.chaincodeDefinition(this.name);
    if (definition && this.release) await this.approveAs(members, definition.sequence, this.release);
  }

  async upgrade(members: readonly LocalOrganization[], folder = shippedChaincode()): Promise<boolean> {
    const before = this.release;
    if (!(await this.bringIntoForce(members, folder))) return false;
    await this.callOnce(members);
    if (before) await this.network.uninstallChaincode(before.package.id);
    return true;
  }

  /** @returns whether anything had to be done */
  private async bringIntoForce(members: readonly LocalOrganization[], folder: string): Promise<boolean> {
    const inForce = this.inForce(members);
    const release = makeRelease(folder, this.folder);
    if (inForce?.packageId === release.package.id) return false;
    await this.load(release);
    const sequence = (inForce?.sequence ?? 0) + 1;
    await this.approveAs(members, sequence, release);
    const [first] = members;
    if (!first) throw new Error('nobody is here to commit the definition');
    await this.network.commit({
      ...administrator(first),
      definition: { name: this.name, version: release.code.version, sequence },
    });
    this.release = release;
    return true;
  }

  /** Has each member's peer answer a call that every chaincode answers. */
  async callOnce(members: readonly LocalOrganization[]): Promise<void> {
    const { channel } = this.context.description;
    await Promise.all(
      members.map(async ({ member, material }) => {
        const { endpoint } = this.network.peers.get(material.mspId) ?? {};
        if (!endpoint) return;
        const signer = createSigner(material.admin, material.mspId);
        const address = {
          endpoint: `${endpoint.host}:${endpoint.port}`,
          tlsRootCertificates: material.tlsCa.certificate,
        };
        const endorser = new EndorserClient(address, signer);
        try {
          await endorser.query({ channel, chaincode: this.name, args: [METADATA_CALL] });
          this.context.step(`the peer of ${member.id} runs ${this.name}`);
        } finally {
          endorser.close();
        }
      }),
    );
  }

  private async approveAs(
    members: readonly LocalOrganization[],
    sequence: number,
    release: Release,
  ): Promise<void> {
    const { name, network } = this;
    const definition = { name, version: release.code.version, sequence };
    await Promise.all(
      members
        .filter(
          ({ material }) => network.approvedPackage(name, sequence, material.mspId) !== release.package.id,
        )
        .map((member) =>
          network.approve({ ...administrator(member), definition, packageId: release.package.id }),
        ),
    );
  }

  /** What can't even be loaded must not come into force. */
  private async load(release: Release): Promise<void> {
    await this.install(release);
    try {
      await this.network.startChaincode(release.package.id);
    } catch (error) {
      await this.network.uninstallChaincode(release.package.id);
      throw new UserError(`${release.code.label} does not start: ${(error as Error).message}`);
    }
  }

  private async install(release: Release): Promise<void> {
    await this.network.installChaincode({
      label: release.code.label,
      path: release.folder,
      packageId: release.package.id,
      dependencies: dependencyFolders(shippedChaincode()),
      ...(this.loading?.release.package.id === release.package.id ? { loaded: this.loading.host } : {}),
    });
  }

  private has(packageId: string): boolean {
    const [label = ''] = packageId.split(':');
    return existsSync(join(this.folder, label));
  }
}

function administrator({ material }: LocalOrganization) {
  return { mspId: material.mspId, admin: createSigner(material.admin, material.mspId) };
}

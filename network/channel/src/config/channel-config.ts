import { common } from '@hyperledger/fabric-protos';
import { blockEnvelopes } from '../blocks/block.js';
import { decodeEnvelope } from '../blocks/envelope.js';
import { blockSignatures } from '../blocks/signatures.js';
import type { Identity } from '../msp/identity.js';
import type { Policy } from '../policies/policy.js';
import { noSuchPolicy } from '../policies/policy-tree.js';
import { decodeSignaturePolicy, SignaturePolicy } from '../policies/signature-policy.js';
import { cloneConfig } from '../profile/group.js';
import { authorizeUpdate } from './authorize.js';
import type { ChannelCapabilities } from './capabilities.js';
import { checkSuccession } from './consistency.js';
import { decodeConfigMessage } from './decode.js';
import { ChannelConfigError, ConfigUpdateError } from './errors.js';
import type { BatchSize } from './orderer-settings.js';
import type { ConsenterConfig, OrganizationConfig } from './organizations.js';
import { readParts, ROOT_PATH, type ConfigParts } from './parts.js';
import { updateOf } from './update-envelope.js';

const BLOCK_VALIDATION = `${ROOT_PATH}/Orderer/BlockValidation`;

/**
 * A channel's configuration in force: who belongs to it, what counts as signed, how it may change
 * (Fabric's channelconfig bundle). Immutable; an accepted update gives the next one.
 */
export class ChannelConfig {
  readonly #config: common.Config;
  readonly #parts: ConfigParts;

  private constructor(
    readonly channelId: string,
    config: common.Config,
  ) {
    this.#config = cloneConfig(config);
    this.#parts = readParts(this.#config.getChannelGroup());
  }

  /**
   * Reads the configuration that a CONFIG block carries. It is believed as it is: whoever gets it from elsewhere checks
   * the consenters' signatures with the configuration before it.
   * @throws ChannelConfigError if the block carries none, or one that Fabric would refuse
   */
  static fromConfigBlock(block: common.Block): ChannelConfig {
    const [first] = blockEnvelopes(block);
    if (!first) throw new ChannelConfigError('malformed configuration block');
    const { channelHeader, payload } = decodeEnvelope(first);
    if (channelHeader.getType() !== common.HeaderType.CONFIG) {
      throw new ChannelConfigError(`invalid type ${channelHeader.getType()}, expected CONFIG`);
    }
    const config = decodeConfigMessage(
      common.ConfigEnvelope,
      payload.getData_asU8(),
      'ConfigEnvelope',
    ).getConfig();
    if (!config) throw new ChannelConfigError('no config found in envelope');
    return new ChannelConfig(channelHeader.getChannelId(), config);
  }

  /**
   * Reads a configuration.
   * @throws ChannelConfigError if Fabric would refuse it
   */
  static fromConfig(config: common.Config, channelId: string): ChannelConfig {
    return new ChannelConfig(channelId, config);
  }

  /** A copy of the configuration itself. */
  get config(): common.Config {
    return cloneConfig(this.#config);
  }

  get sequence(): number {
    return this.#config.getSequence();
  }

  get capabilities(): ChannelCapabilities {
    return this.#parts.capabilities;
  }

  /** Members of the channel, by MSP id. */
  get organizations(): ReadonlyMap<string, OrganizationConfig> {
    return this.#parts.members.organizations;
  }

  /** Organizations that order, by MSP id. */
  get ordererOrganizations(): ReadonlyMap<string, OrganizationConfig> {
    return this.#parts.orderers.organizations;
  }

  get consenters(): readonly ConsenterConfig[] {
    return this.#parts.consenters;
  }

  get batchSize(): BatchSize {
    return this.#parts.settings.batchSize;
  }

  /** A Go duration, as it stands in the configuration. */
  get batchTimeout(): string {
    return this.#parts.settings.batchTimeout;
  }

  get batchTimeoutMs(): number {
    return this.#parts.settings.batchTimeoutMs;
  }

  /**
   * Finds who stands behind a serialized identity: read, chained to its MSP's roots, of exactly one node OU. Whether
   * its certificate has expired is not an MSP's question (see `Identity.notAfter`).
   * @throws IdentityError in Fabric's words
   */
  identity(serialized: Uint8Array): Identity {
    return this.#parts.identities.identity(serialized);
  }

  /**
   * The policy at a path, such as `/Channel/Application/Writers`. A path without a policy gives one that nothing
   * satisfies, as in Fabric.
   */
  policy(path: string): Policy {
    return this.#find(path) ?? noSuchPolicy(path.replace(`${ROOT_PATH}/`, ''));
  }

  /** Whether there is a policy at a path. */
  hasPolicy(path: string): boolean {
    return this.#find(path) !== undefined;
  }

  /** The bytes of the signature policy at a path (`common.SignaturePolicyEnvelope`), undefined for any other kind. */
  signaturePolicyBytes(path: string): Uint8Array | undefined {
    const found = this.#find(path);
    return found instanceof SignaturePolicy ? found.envelope.serializeBinary() : undefined;
  }

  /**
   * Makes a policy over this channel's identities, from a `common.SignaturePolicyEnvelope`: for key-level policies and
   * those of chaincode definitions.
   * @throws PolicyError if it can't be understood
   */
  signaturePolicy(policy: Uint8Array): Policy {
    return new SignaturePolicy(decodeSignaturePolicy(policy), this.#parts.identities);
  }

  /**
   * Judges a CONFIG_UPDATE envelope and gives the configuration that it leads to.
   * @throws ConfigUpdateError in Fabric's words, if it isn't authorised or its result would be unusable
   */
  applyUpdate(envelope: common.Envelope): common.Config {
    const next = this.#authorize(updateOf(envelope));
    try {
      const { members, orderers } = readParts(next.getChannelGroup());
      checkSuccession('orderer', this.#parts.orderers, orderers);
      checkSuccession('application', this.#parts.members, members);
    } catch (error) {
      if (!(error instanceof ChannelConfigError)) throw error;
      throw new ConfigUpdateError(`initializing channelconfig failed: ${error.message}`, { cause: error });
    }
    return next;
  }

  /**
   * Checks that a quorum of the consenters signed a block (not that its data hash is right: `verifyDataHash`).
   * @throws PolicyError if they didn't
   */
  verifyBlockSignatures(block: common.Block): void {
    this.policy(BLOCK_VALIDATION).evaluate(blockSignatures(block, this.consenters));
  }

  #find(path: string): Policy | undefined {
    return path.startsWith(`${ROOT_PATH}/`)
      ? this.#parts.policies.get(path.slice(ROOT_PATH.length + 1))
      : undefined;
  }

  #authorize(update: common.ConfigUpdateEnvelope): common.Config {
    const { policies, identities } = this.#parts;
    const inForce = { channelId: this.channelId, config: this.#config, policies, identities };
    try {
      return authorizeUpdate(inForce, update);
    } catch (error) {
      if (!(error instanceof ConfigUpdateError)) throw error;
      throw new ConfigUpdateError(`error authorizing update: ${error.message}`, { cause: error });
    }
  }
}

import { common } from '@hyperledger/fabric-protos';
import { blockEnvelopes } from '../blocks/block.js';
import { decodeEnvelope } from '../blocks/envelope.js';
import { blockSignatures } from '../blocks/signatures.js';
import { equalBytes } from '../encoding/bytes.js';
import type { Identity } from '../msp/identity.js';
import { MspManager } from '../msp/manager.js';
import type { Msp } from '../msp/msp.js';
import { PolicyError, type Policy } from '../policies/policy.js';
import { noSuchPolicy, PolicyTree } from '../policies/policy-tree.js';
import { decodeSignaturePolicy, SignaturePolicy } from '../policies/signature-policy.js';
import { cloneConfig, KEY } from '../profile/group.js';
import { authorizeUpdate } from './authorize.js';
import { ROOT } from './config-map.js';
import { checkConsistency } from './consistency.js';
import { decodeConfigMessage } from './decode.js';
import { ChannelConfigError, ConfigUpdateError } from './errors.js';
import {
  readConsenters,
  readOrganizations,
  type ConsenterConfig,
  type GroupOrganizations,
  type OrganizationConfig,
} from './organizations.js';
import {
  readCapabilities,
  readOrdererSettings,
  type BatchSize,
  type OrdererSettings,
} from './orderer-settings.js';

const ROOT_PATH = `/${ROOT}`;
const BLOCK_VALIDATION = `${ROOT_PATH}/Orderer/BlockValidation`;

/** The names of the capabilities that a channel demands of its nodes. */
export interface ChannelCapabilities {
  readonly channel: readonly string[];
  readonly orderer: readonly string[];
  readonly application: readonly string[];
}

/**
 * A channel's configuration in force: who belongs to it, what counts as signed, how it may change
 * (Fabric's channelconfig bundle). Immutable; an accepted update gives the next one.
 */
export class ChannelConfig {
  readonly sequence: number;
  readonly capabilities: ChannelCapabilities;
  /** Members of the channel, by MSP id. */
  readonly organizations: ReadonlyMap<string, OrganizationConfig>;
  /** Organizations that order, by MSP id. */
  readonly ordererOrganizations: ReadonlyMap<string, OrganizationConfig>;
  readonly consenters: readonly ConsenterConfig[];
  readonly #settings: OrdererSettings;
  readonly #identities: MspManager;
  readonly #policies: PolicyTree;
  readonly #config: common.Config;

  private constructor(
    readonly channelId: string,
    config: common.Config,
  ) {
    this.#config = cloneConfig(config);
    const channel = this.#config.getChannelGroup();
    const application = channel?.getGroupsMap().get(KEY.application);
    const ordering = channel?.getGroupsMap().get(KEY.orderer);
    if (!channel) throw new ChannelConfigError('nil channel group');
    if (!application) throw new ChannelConfigError('no application configuration');
    if (!ordering) throw new ChannelConfigError('no orderer configuration');
    this.sequence = this.#config.getSequence();
    this.capabilities = {
      channel: readCapabilities(channel),
      orderer: readCapabilities(ordering),
      application: readCapabilities(application),
    };
    const members = readOrganizations(application);
    const orderers = readOrganizations(ordering);
    this.organizations = members.organizations;
    this.ordererOrganizations = orderers.organizations;
    this.consenters = readConsenters(ordering);
    this.#settings = readOrdererSettings(ordering);
    checkConsistency({ channel, consenters: this.consenters, orderers: orderers.organizations });
    this.#identities = new MspManager(mergeMsps(members, orderers));
    this.#policies = compile(channel, this.#identities);
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

  get consensusType(): string {
    return this.#settings.consensusType;
  }

  get batchSize(): BatchSize {
    return this.#settings.batchSize;
  }

  /** A Go duration, as it stands in the configuration. */
  get batchTimeout(): string {
    return this.#settings.batchTimeout;
  }

  get batchTimeoutMs(): number {
    return this.#settings.batchTimeoutMs;
  }

  /**
   * Finds who stands behind a serialized identity: read, chained to its MSP's roots, of exactly one node OU. Whether
   * its certificate has expired is not an MSP's question (see `Identity.notAfter`).
   * @throws IdentityError in Fabric's words
   */
  identity(serialized: Uint8Array): Identity {
    return this.#identities.identity(serialized);
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
    return new SignaturePolicy(decodeSignaturePolicy(policy), this.#identities);
  }

  /**
   * Judges a CONFIG_UPDATE envelope and gives the configuration that it leads to.
   * @throws ConfigUpdateError in Fabric's words, if it isn't authorised or its result would be unusable
   */
  applyUpdate(envelope: common.Envelope): common.Config {
    const next = this.#authorize(updateOf(envelope));
    try {
      ChannelConfig.fromConfig(next, this.channelId);
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
      ? this.#policies.get(path.slice(ROOT_PATH.length + 1))
      : undefined;
  }

  #authorize(update: common.ConfigUpdateEnvelope): common.Config {
    const inForce = {
      channelId: this.channelId,
      config: this.#config,
      policies: this.#policies,
      identities: this.#identities,
    };
    try {
      return authorizeUpdate(inForce, update);
    } catch (error) {
      if (!(error instanceof ConfigUpdateError)) throw error;
      throw new ConfigUpdateError(`error authorizing update: ${error.message}`, { cause: error });
    }
  }
}

function updateOf(envelope: common.Envelope): common.ConfigUpdateEnvelope {
  try {
    const { channelHeader, payload } = decodeEnvelope(envelope);
    if (channelHeader.getType() !== common.HeaderType.CONFIG_UPDATE) {
      throw new ConfigUpdateError(`invalid type ${channelHeader.getType()}, expected CONFIG_UPDATE`);
    }
    return common.ConfigUpdateEnvelope.deserializeBinary(payload.getData_asU8());
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'malformed';
    throw new ConfigUpdateError(`error converting envelope to config update: ${reason}`, { cause: error });
  }
}

/** An organization may stand under Application and Orderer, but with one and the same MSP. */
function mergeMsps(...groups: readonly GroupOrganizations[]): Map<string, Msp> {
  const merged = new Map<string, { provider: Msp; definition: Uint8Array }>();
  for (const [mspId, entry] of groups.flatMap(({ msps }) => [...msps])) {
    const other = merged.get(mspId);
    if (other && !equalBytes(other.definition, entry.definition)) {
      throw new ChannelConfigError(`Attempted to define two different versions of MSP: ${mspId}`);
    }
    merged.set(mspId, entry);
  }
  return new Map([...merged].map(([mspId, { provider }]) => [mspId, provider]));
}

function compile(channel: common.ConfigGroup, identities: MspManager): PolicyTree {
  try {
    return new PolicyTree(ROOT_PATH, channel, identities);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new ChannelConfigError(`initializing policymanager failed: ${error.message}`, { cause: error });
  }
}

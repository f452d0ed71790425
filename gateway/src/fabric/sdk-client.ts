/** {@link FabricClient} over the unmodified client library of Hyperledger Fabric. */
import type { Client } from '@grpc/grpc-js';
import {
  connect,
  hash,
  type Contract,
  type Gateway,
  type Identity,
  type Signer,
} from '@hyperledger/fabric-gateway';
import { common, gateway as proto, msp } from '@hyperledger/fabric-protos';
import { ROLES, type Role } from 'umlauf-chaincode/api';
import type {
  Call,
  CommitStatus,
  EvaluateOptions,
  FabricClient,
  Proposed,
  SeenBlock,
  Stream,
} from './client.js';
import { deadlineIn, type Connection, type Peers } from './connection.js';
import {
  discoverNodes,
  discoverPeers,
  type DiscoveredNodes,
  type DiscoveredPeer,
  type DiscoveryCall,
} from './discovery.js';
import { hashOfProposal, proposalBytes } from './envelope.js';
import { isDeadlineExceeded, mayBeUnreached, unreached } from './failure.js';
import type { Observer, Step } from '../telemetry/observer.js';
import { seenBlock } from './seen-block.js';

/** A key of the organization and its certificate. */
export interface LedgerIdentity {
  /** PEM. */
  readonly certificate: string;
  readonly signer: Signer;
}

/** How long the steps of a call may take, in milliseconds. */
export interface Deadlines {
  readonly evaluateMs: number;
  readonly endorseMs: number;
  readonly submitMs: number;
  readonly commitStatusMs: number;
}

/** What a {@link SdkClient} is made of. */
export interface SdkClientOptions {
  readonly connection: Connection;
  readonly mspId: string;
  readonly channel: string;
  readonly chaincode: string;
  readonly identities: Partial<Record<Role, LedgerIdentity>>;
  readonly deadlines: Deadlines;
  readonly observer: Observer;
  /** Told when a call ran into its deadline and the connection was opened anew. */
  readonly onReopened?: () => void;
  /** Told when the peer can't be reached; resolves once another one is used, or it is known that none can be. */
  readonly onUnreached?: () => Promise<void>;
}

/** One gateway's way to its peer, with one connection for all its identities. */
export class SdkClient implements FabricClient {
  readonly mspId: string;
  readonly #options: SdkClientOptions;
  readonly #gateways = new Map<Role, Gateway>();
  readonly #streams = new Set<{ close(): void }>();
  /** What has calls fail that are under way. */
  readonly #underWay = new Set<() => void>();
  #identities: SdkClientOptions['identities'];
  #generation = 0;

  constructor(options: SdkClientOptions) {
    this.#options = options;
    this.#identities = options.identities;
    this.mspId = options.mspId;
  }

  /** The keys that it signs with. */
  get identities(): SdkClientOptions['identities'] {
    return this.#identities;
  }

  async evaluate(
    call: Call,
    {
      mspId = this.mspId,
      deadlineMs = this.#options.deadlines.evaluateMs,
      aside = mspId !== this.mspId,
    }: EvaluateOptions = {},
  ): Promise<Uint8Array> {
    const { connection, observer } = this.#options;
    const asked = (gateway: Gateway) =>
      this.#contract(call, gateway)
        .newProposal(call.transaction, {
          arguments: [...call.arguments],
          endorsingOrganizations: [mspId],
        })
        .evaluate(deadlineIn(deadlineMs));
    if (aside) {
      const client = connection.aside();
      try {
        const gateway = this.#connected(client, this.#identity(this.#readingRole(call.role)));
        return await observer.step('evaluate', () => this.#abandonable(() => asked(gateway)));
      } finally {
        client.close();
      }
    }
    const ask = () => this.guarded('evaluate', () => asked(this.#reader(call.role)));
    for (let others = connection.peers.length; ; others -= 1) {
      const { at } = connection;
      try {
        return await ask();
      } catch (error) {
        // Where another peer is used meanwhile: nothing is done twice by asking it.
        if (connection.at === at || others === 0 || !mayBeUnreached(error)) throw error;
      }
    }
  }

  propose(call: Call, endorsers?: readonly string[]): Proposed {
    const proposal = this.#contract(call, this.#gateway(call.role)).newProposal(call.transaction, {
      arguments: [...call.arguments],
      ...(endorsers ? { endorsingOrganizations: [...endorsers] } : {}),
    });
    const { endorseMs, submitMs } = this.#options.deadlines;
    return {
      transactionId: proposal.getTransactionId(),
      proposalHash: hashOfProposal(proposalBytes(proposal.getBytes())),
      endorse: async () => {
        const transaction = await this.guarded('endorse', () => proposal.endorse(deadlineIn(endorseMs)));
        return {
          submit: async () => {
            await this.guarded('submit', () => transaction.submit(deadlineIn(submitMs)));
          },
        };
      },
    };
  }

  async commitStatus(
    transactionId: string,
    role: Role | undefined,
    deadlineMs?: number,
  ): Promise<CommitStatus> {
    const gateway = this.#reader(role);
    const request = new proto.CommitStatusRequest();
    request.setChannelId(this.#options.channel);
    request.setTransactionId(transactionId);
    request.setIdentity(creatorOf(gateway.getIdentity()));
    const signed = new proto.SignedCommitStatusRequest();
    signed.setRequest(request.serializeBinary());
    const commit = gateway.newCommit(signed.serializeBinary());
    const ask = (milliseconds: number) => commit.getStatus(deadlineIn(milliseconds));
    // A shorter wait than usual is a poll: running into its deadline tells nothing about the connection.
    const { code, blockNumber } = await (deadlineMs === undefined
      ? this.guarded('commit-status', () => ask(this.#options.deadlines.commitStatusMs))
      : ask(deadlineMs));
    return { validationCode: code, blockNumber };
  }

  async blocks(startBlock: bigint): Promise<Stream<SeenBlock>> {
    return this.#stream(await this.#network().getBlockEvents({ startBlock }));
  }

  nodes(): Promise<DiscoveredNodes> {
    return this.#discover(discoverNodes);
  }

  peers(deadlineMs?: number): Promise<readonly DiscoveredPeer[]> {
    return this.#discover(discoverPeers, deadlineMs);
  }

  /**
   * Signs with other keys from now on. Transactions that are under way end with the old ones; streams are opened anew,
   * since a peer ends them when the certificate that they were opened with expires.
   * @param peers The same peers, with the certificates that they are known by from now on. Default: as before.
   */
  renew(identities: SdkClientOptions['identities'], peers?: Peers): void {
    this.#identities = identities;
    if (peers) this.#options.connection.renew(peers);
    this.#gateways.clear();
    this.#closeStreams();
  }

  /**
   * Goes to another of the peers; streams are opened anew.
   * @param abandoned Whether the one before doesn't answer any more: then calls that are under way fail as unreached, rather
   *   than run to their deadlines, and what was being submitted is in doubt. Otherwise they end with that one.
   */
  goTo(at: number, { abandoned }: { readonly abandoned: boolean }): void {
    const { connection } = this.#options;
    if (!connection.reopen(connection.generation, at)) return;
    this.#closeStreams();
    if (!abandoned) return;
    for (const abandon of this.#underWay) abandon();
    this.#underWay.clear();
  }

  close(): void {
    this.#closeStreams();
    this.#options.connection.close();
  }

  #discover<T>(
    ask: (call: DiscoveryCall) => Promise<T>,
    deadlineMs = this.#options.deadlines.evaluateMs,
  ): Promise<T> {
    const { channel, connection } = this.#options;
    const { certificate, signer: sign } = this.#identity(undefined);
    const by = { identity: creatorOf({ mspId: this.mspId, credentials: Buffer.from(certificate) }), sign };
    return this.guarded('discover', () => ask({ client: connection.client, by, channel, deadlineMs }));
  }

  #contract(call: Call, gateway: Gateway): Contract {
    const { channel, chaincode } = this.#options;
    return gateway.getNetwork(channel).getContract(call.chaincode ?? chaincode);
  }

  #reader(role: Role | undefined): Gateway {
    return this.#gateway(this.#readingRole(role));
  }

  /** Whoever signs elsewhere may have an office that has no key here: any of the organization's may read. */
  #readingRole(role: Role | undefined): Role | undefined {
    return role && this.#identities[role] ? role : undefined;
  }

  #network() {
    return this.#gateway(undefined).getNetwork(this.#options.channel);
  }

  #gateway(role: Role | undefined): Gateway {
    const { connection } = this.#options;
    if (this.#generation !== connection.generation) {
      this.#gateways.clear();
      this.#generation = connection.generation;
    }
    const identity = this.#identity(role);
    let gateway = this.#gateways.get(identity.role);
    if (!gateway) {
      gateway = this.#connected(connection.client, identity);
      this.#gateways.set(identity.role, gateway);
    }
    return gateway;
  }

  #connected(client: Client, { certificate, signer }: LedgerIdentity): Gateway {
    const identity = { mspId: this.mspId, credentials: Buffer.from(certificate) };
    return connect({ client, identity, signer, hash: hash.none });
  }

  #identity(role: Role | undefined): LedgerIdentity & { readonly role: Role } {
    const chosen = role ?? ROLES.find((candidate) => this.#identities[candidate]);
    const identity = chosen && this.#identities[chosen];
    if (!identity) throw new Error(`no ledger identity for ${chosen ?? 'any role'}`);
    return { ...identity, role: chosen };
  }

  /** Makes a call, after which the connection is opened anew if it got stuck, or to another peer if there was none. */
  async guarded<T>(step: Step, call: () => Promise<T>): Promise<T> {
    const { connection, observer } = this.#options;
    const generation = connection.generation;
    try {
      return await observer.step(step, () => this.#abandonable(call));
    } catch (error) {
      const isDown = generation === connection.generation && !connection.isUp && mayBeUnreached(error);
      if (isDeadlineExceeded(error) && connection.reopen(generation)) {
        // A stream on a stuck connection wouldn't notice.
        this.#closeStreams();
        this.#options.onReopened?.();
      }
      if (isDown) await this.#options.onUnreached?.();
      throw error;
    }
  }

  #abandonable<T>(call: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const abandon = () => reject(unreached('the peer was abandoned'));
      this.#underWay.add(abandon);
      call()
        .then(resolve, reject)
        .finally(() => this.#underWay.delete(abandon));
    });
  }

  #stream(source: AsyncIterable<common.Block> & { close(): void }): Stream<SeenBlock> {
    const streams = this.#streams;
    streams.add(source);
    return {
      close: () => {
        streams.delete(source);
        source.close();
      },
      async *[Symbol.asyncIterator]() {
        try {
          for await (const item of source) yield seenBlock(item);
        } finally {
          streams.delete(source);
        }
      },
    };
  }

  #closeStreams(): void {
    for (const stream of this.#streams) stream.close();
    this.#streams.clear();
  }
}

function creatorOf({ mspId, credentials }: Identity): Uint8Array {
  const creator = new msp.SerializedIdentity();
  creator.setMspid(mspId);
  creator.setIdBytes(credentials);
  return creator.serializeBinary();
}

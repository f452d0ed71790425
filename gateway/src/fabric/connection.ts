/**
 * The one gRPC connection of a gateway, to its own peer, or another one of the same organization.
 *
 * A chaincode error travels in gRPC trailers, once for each endorser; when they grow too large, the call never answers
 * and every later call on the same HTTP/2 connection hangs to its deadline (measured on Fabric 3.1.5). A fresh
 * connection works, so a call that ran into its deadline has the connection opened anew, and what another
 * organization's peer alone is asked goes over one {@link Connection.aside}.
 */
import {
  Client,
  InterceptingCall,
  connectivityState,
  credentials,
  type ChannelOptions,
  type Interceptor,
} from '@grpc/grpc-js';

/** Where the peer is and how it is recognised. */
export interface PeerAddress {
  /** `host:port`. */
  readonly endpoint: string;
  /** PEM of the certificate authorities that the peer's TLS certificate is checked against. */
  readonly tlsRootCertificates: string;
  /** Name in the peer's TLS certificate, if it isn't the endpoint's host. */
  readonly serverNameOverride?: string | undefined;
}

/** The peers of an organization: the one that is used first, and those for when it fails. */
export type Peers = readonly [PeerAddress, ...PeerAddress[]];

/** Fabric's own limit; the default of 4 MB refuses an endorsed proposal of 12 MB. */
const LARGEST_MESSAGE_BYTES = 100 * 1024 * 1024;

const CHANNEL_OPTIONS: ChannelOptions = {
  'grpc.max_receive_message_length': LARGEST_MESSAGE_BYTES,
  'grpc.max_send_message_length': LARGEST_MESSAGE_BYTES,
  // gRPC's own default backs off for up to two minutes; a restarted peer should be found at once.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2_000,
  // Otherwise a client opened anew is handed the old, stuck connection from the process-wide pool.
  'grpc.use_local_subchannel_pool': 1,
  // Fabric refuses pings more often than every minute.
  'grpc.keepalive_time_ms': 120_000,
  'grpc.keepalive_timeout_ms': 10_000,
  // A closed client's connection that is stuck never hears that it has ended; only a ping without answer ends it.
  'grpc.keepalive_permit_without_calls': 1,
};

/** Fabric lets pass two pings that come too early; no call aside lasts so long that there would be a third. */
const ASIDE_OPTIONS: ChannelOptions = {
  ...CHANNEL_OPTIONS,
  'grpc.keepalive_time_ms': 4_000,
  'grpc.keepalive_timeout_ms': 2_000,
};

/** Longer than the calls of a transaction take together, each with its deadline. */
const LINGER_MS = 60_000;

/** The options of a call that may take so long. */
export const deadlineIn = (milliseconds: number) => ({ deadline: Date.now() + milliseconds });

const sending =
  (headers: () => Readonly<Record<string, string>>): Interceptor =>
  (options, nextCall) =>
    new InterceptingCall(nextCall(options), {
      start: (metadata, listener, next) => {
        for (const [name, value] of Object.entries(headers())) metadata.set(name, value);
        next(metadata, listener);
      },
    });

/** A connection that can be replaced while calls are under way: those end on the old one. */
export class Connection {
  #client: Client;
  readonly #old = new Map<Client, NodeJS.Timeout>();
  #peers: Peers;
  #at = 0;
  #generation = 0;
  #closed = false;

  /** @param headers Sent along with each call. */
  constructor(
    peers: Peers,
    private readonly headers?: () => Readonly<Record<string, string>>,
  ) {
    this.#peers = peers;
    this.#client = this.#open();
  }

  get peers(): Peers {
    return this.#peers;
  }

  /** Which of the peers it goes to, by its place among them. */
  get at(): number {
    return this.#at;
  }

  /** Whether it stands now: a call that failed on one that does has been answered by the peer, or got stuck on the way. */
  get isUp(): boolean {
    return this.#client.getChannel().getConnectivityState(false) === connectivityState.READY;
  }

  /** Counts the times that the connection was opened anew. */
  get generation(): number {
    return this.#generation;
  }

  get client(): Client {
    return this.#client;
  }

  /**
   * Replaces the connection, once for all the calls that failed on the same one.
   * @param generation The generation that the failed call ran on.
   * @param at Which peer it goes to from now on.
   * @returns Whether it was replaced now.
   */
  reopen(generation: number, at = this.#at): boolean {
    if (this.#closed || generation !== this.#generation) return false;
    const old = this.#client;
    this.#generation += 1;
    this.#at = at;
    this.#client = this.#open();
    // A transaction that was endorsed on it is submitted on it.
    const lingering = setTimeout(() => {
      this.#old.delete(old);
      old.close();
    }, LINGER_MS);
    this.#old.set(old, lingering.unref());
    return true;
  }

  /** Knows the same peers by other certificates from now on; other peers than before are left for the next start. */
  renew(peers: Peers): void {
    const isSame = (each: PeerAddress, index: number) => each.endpoint === this.#peers[index]?.endpoint;
    if (peers.length !== this.#peers.length || !peers.every(isSame)) return;
    this.#peers = peers;
    this.reopen(this.#generation);
  }

  /**
   * A connection of the caller's own to the same peer, for a call whose answer may get it stuck.
   * @returns a client, to be closed by the caller.
   */
  aside(): Client {
    return this.#open(ASIDE_OPTIONS);
  }

  close(): void {
    this.#closed = true;
    this.#client.close();
    for (const [old, lingering] of this.#old) {
      clearTimeout(lingering);
      old.close();
    }
    this.#old.clear();
  }

  #open(options = CHANNEL_OPTIONS): Client {
    const { endpoint, tlsRootCertificates, serverNameOverride } = this.#peers[this.#at] ?? this.#peers[0];
    return new Client(endpoint, credentials.createSsl(Buffer.from(tlsRootCertificates)), {
      ...options,
      ...(this.headers ? { interceptors: [sending(this.headers)] } : {}),
      ...(serverNameOverride === undefined
        ? {}
        : {
            'grpc.ssl_target_name_override': serverNameOverride,
            'grpc.default_authority': serverNameOverride,
          }),
    });
  }
}

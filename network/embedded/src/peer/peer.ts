/** One organization's peer: its endorser, its gateway, its port. */
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { discovery, gateway, peer } from '@hyperledger/fabric-protos';
import type { KeyPair } from 'umlauf-channel';
import type { EndorsingPeer } from '../gateway/endorsing-peer.js';
import type { GatewayContext } from '../gateway/gateway.js';
import { deliverServer } from './deliver-service.js';
import { discoveryServer, endorserServer, gatewayServer } from './services.js';

/** Fabric's limit for gRPC messages: 100 MB. */
const MAX_MESSAGE = 100 * 1024 * 1024;

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface ServerOptions {
  readonly tls: KeyPair;
  /** PEM of the TLS roots; clients aren't asked for certificates. */
  readonly tlsRoots: readonly string[];
  /** The name that clients use; the port is bound on the loopback interface. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** Serves a peer on a TLS port. It can be stopped and started again; the port stays. */
export class PeerServer {
  readonly #options: ServerOptions;
  readonly #context: GatewayContext;
  #server: Server | undefined;
  #port: number;

  constructor(options: ServerOptions, context: GatewayContext) {
    this.#options = options;
    this.#context = context;
    this.#port = options.port;
  }

  get isRunning(): boolean {
    return this.#server !== undefined;
  }

  get endpoint(): Endpoint {
    return { host: this.#options.host, port: this.#port };
  }

  async start(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = new Server({
      'grpc.max_receive_message_length': MAX_MESSAGE,
      'grpc.max_send_message_length': MAX_MESSAGE,
      // Statistics that nothing here reads, kept anew for every call.
      'grpc.enable_channelz': 0,
    });
    add(server, gateway.GatewayService, gatewayServer(this.#context));
    add(server, peer.DeliverService, deliverServer(this.#context));
    add(server, discovery.DiscoveryService, discoveryServer(this.#context));
    add(server, peer.EndorserService, endorserServer(this.#context));
    const { tls, tlsRoots } = this.#options;
    const credentials = ServerCredentials.createSsl(
      tlsRoots.length === 0 ? null : Buffer.from(tlsRoots.join('\n')),
      [{ cert_chain: Buffer.from(tls.certificate), private_key: Buffer.from(tls.privateKey) }],
    );
    this.#port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${this.#port}`, credentials, (error, port) => {
        if (error === null) resolve(port);
        else reject(error);
      });
    });
    this.#server = server;
  }

  /** Ends all calls at once, as the end of a peer's process would. */
  stop(): void {
    this.#server?.forceShutdown();
    this.#server = undefined;
  }
}

function add(server: Server, service: ServiceDefinition, implementation: Record<string, unknown>): void {
  server.addService(service, implementation as UntypedServiceImplementation);
}

/** What the network's interface shows of a peer. */
export interface EmbeddedPeer extends Pick<EndorsingPeer, 'mspId'> {
  readonly endpoint: Endpoint;
  readonly isRunning: boolean;
  /** Takes the peer down: its calls end, other gateways no longer find it. */
  stop(): void;
  /** Takes it up again, on the same port. */
  start(): Promise<void>;
}

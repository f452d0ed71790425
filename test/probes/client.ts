/** Unmodified clients of the probed network. */
import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { connect, hash, type Gateway } from '@hyperledger/fabric-gateway';
import { msp } from '@hyperledger/fabric-protos';
import { createSigner, type OrganizationMaterial, type Signer } from 'umlauf-channel';
import { mspIdOf, type ProbeNetwork } from './networks/network.js';

export interface ClientOptions {
  /** Number of the organization whose peer is called. Default: the user's own. */
  readonly at?: number;
  /** Who signs. Default: the organization's user. */
  readonly signer?: Signer;
  /** Milliseconds after which a call is given up. */
  readonly deadline?: number;
}

/** Longer than anything takes that answers at all. */
const DEADLINE_MS = 30_000;

interface Message {
  serializeBinary(): Uint8Array;
}

/** Connections to the peers, and the gateways on them; closed together. */
export class Clients {
  readonly #network: ProbeNetwork;
  readonly #connections = new Map<number, Client>();
  readonly #gateways: Gateway[] = [];
  readonly #users = new Map<number, Signer>();
  readonly #standard = new Map<number, Gateway>();

  constructor(network: ProbeNetwork) {
    this.#network = network;
  }

  material(number: number): OrganizationMaterial {
    const found = this.#network.members.find(({ mspId }) => mspId === mspIdOf(number));
    if (!found) throw new Error(`no organization ${number}`);
    return found;
  }

  user(number: number): Signer {
    const user = this.#users.get(number) ?? createSigner(this.material(number).users.user!, mspIdOf(number));
    this.#users.set(number, user);
    return user;
  }

  admin(number: number): Signer {
    return createSigner(this.material(number).admin, mspIdOf(number));
  }

  gateway(number: number, options: ClientOptions = {}): Gateway {
    if (Object.keys(options).length > 0) return this.#connect(number, options);
    const gateway = this.#standard.get(number) ?? this.#connect(number, options);
    this.#standard.set(number, gateway);
    return gateway;
  }

  #connect(number: number, { at = number, signer, deadline = DEADLINE_MS }: ClientOptions): Gateway {
    const signing = signer ?? this.user(number);
    const identity = msp.SerializedIdentity.deserializeBinary(signing.identity);
    const within = () => ({ deadline: Date.now() + deadline });
    const gateway = connect({
      client: this.#connection(at),
      identity: { mspId: signing.mspId, credentials: identity.getIdBytes_asU8() },
      hash: hash.none, // the signer hashes by itself
      signer: (message) => Promise.resolve(signing.sign(message)),
      evaluateOptions: within,
      endorseOptions: within,
      submitOptions: within,
      commitStatusOptions: within,
      chaincodeEventsOptions: within,
      blockEventsOptions: within,
      filteredBlockEventsOptions: within,
      blockAndPrivateDataEventsOptions: within,
    });
    this.#gateways.push(gateway);
    return gateway;
  }

  /** A call as it stands, for what the client library would not send. */
  raw(number: number, method: string, request: Message): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#connection(number).makeUnaryRequest(
        method,
        (message: Message) => Buffer.from(message.serializeBinary()),
        (bytes) => bytes,
        request,
        { deadline: Date.now() + DEADLINE_MS },
        (error: ServiceError | null, response) => {
          if (error) reject(error);
          else resolve(response ?? new Uint8Array());
        },
      );
    });
  }

  close(): void {
    for (const gateway of this.#gateways) gateway.close();
    for (const connection of this.#connections.values()) connection.close();
  }

  #connection(number: number): Client {
    const open = this.#connections.get(number);
    if (open) return open;
    const { mspId, tlsCa } = this.material(number);
    const connection = new Client(
      this.#network.endpoint(mspId),
      credentials.createSsl(Buffer.from(tlsCa.certificate)),
      { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 },
    );
    this.#connections.set(number, connection);
    return connection;
  }
}

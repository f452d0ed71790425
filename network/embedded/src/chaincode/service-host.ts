/**
 * Chaincode as a service: the chaincode runs as a server of its own, in whatever language, and the peer dials it
 * (Fabric: the ccaas builder and extcc). Its protocol is the same shim protocol on a gRPC stream.
 */
import { credentials } from '@grpc/grpc-js';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { peer } from '@hyperledger/fabric-protos';
import type { ChaincodeHost, ChaincodeStream } from './stream.js';

const MAX_MESSAGE = 100 * 1024 * 1024;

export interface ServiceHostOptions {
  /** `host:port` of the chaincode's server. */
  readonly address: string;
  /** PEM of the root that signed the server's TLS certificate; without it the connection isn't encrypted. */
  readonly tlsRoot?: string;
}

export function serviceHost({ address, tlsRoot }: ServiceHostOptions): ChaincodeHost {
  const secured =
    tlsRoot === undefined ? credentials.createInsecure() : credentials.createSsl(Buffer.from(tlsRoot));
  const client = new peer.ChaincodeClient(address, secured, {
    'grpc.max_receive_message_length': MAX_MESSAGE,
    'grpc.max_send_message_length': MAX_MESSAGE,
  });
  return {
    connect: async () => {
      await reachable(client);
      return streamOver(client.connect());
    },
    close: () => {
      client.close();
      return Promise.resolve();
    },
  };
}

/** How long a peer tries to reach the server (Fabric's sample `dial_timeout`: 10 s). */
const DIAL_TIMEOUT_MS = 10_000;

function reachable(client: peer.ChaincodeClient): Promise<void> {
  return new Promise((resolve, reject) => {
    client.waitForReady(Date.now() + DIAL_TIMEOUT_MS, (error) => {
      if (error === undefined) resolve();
      else reject(error);
    });
  });
}

function streamOver(call: ClientDuplexStream<peer.ChaincodeMessage, peer.ChaincodeMessage>): ChaincodeStream {
  let closed = false;
  const stream: ChaincodeStream = {
    send: (bytes) => call.write(peer.ChaincodeMessage.deserializeBinary(bytes)),
    onMessage: () => undefined,
    onClose: () => undefined,
    close: () => call.cancel(),
  };
  const ended = (): void => {
    if (closed) return;
    closed = true;
    stream.onClose();
  };
  call.on('data', (message: peer.ChaincodeMessage) => stream.onMessage(message.serializeBinary()));
  call.on('end', ended);
  call.on('error', ended);
  return stream;
}

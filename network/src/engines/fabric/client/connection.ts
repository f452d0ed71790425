import { credentials, type ChannelCredentials } from '@grpc/grpc-js';

/** How a node is reached over gRPC with TLS. */
export interface NodeAddress {
  /** `host:port` */
  readonly endpoint: string;
  /** PEM */
  readonly tlsRootCertificates: string;
}

/** Blocks and channel configurations exceed gRPC's default limit of 4 MB. */
export const CONNECTION_OPTIONS = {
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
  // A node that is just coming up is dialled again soon, not after the default second and more.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
};

const known = new Map<string, ChannelCredentials>();

/** The same object for the same roots: clients of one node that share it share its connection, and its handshake. */
export function tlsCredentials({ tlsRootCertificates }: NodeAddress): ChannelCredentials {
  const found = known.get(tlsRootCertificates) ?? credentials.createSsl(Buffer.from(tlsRootCertificates));
  known.set(tlsRootCertificates, found);
  return found;
}

/** The moment by which a call must have been answered. */
export function deadline(ms: number): { deadline: number } {
  return { deadline: Date.now() + ms };
}

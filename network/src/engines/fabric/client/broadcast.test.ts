import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { common, orderer } from '@hyperledger/fabric-protos';
import { createOrganization, type OrganizationMaterial } from 'umlauf-channel';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { broadcast, BroadcastError } from './broadcast.js';
import type { NodeAddress } from './connection.js';

let material: OrganizationMaterial;
const servers: Server[] = [];

beforeAll(async () => {
  material = await createOrganization({ mspId: 'OwnMSP', domain: 'own.example', hosts: [], users: [] });
});
afterEach(() => {
  for (const server of servers.splice(0)) server.forceShutdown();
});

type BroadcastStream = ServerDuplexStream<common.Envelope, orderer.BroadcastResponse>;

/** An orderer that answers every envelope in one way; undefined: never. */
async function startOrderer(
  status: common.StatusMap[keyof common.StatusMap] | undefined,
  info = '',
  taken: Uint8Array[] = [],
): Promise<NodeAddress> {
  const server = new Server();
  server.addService(orderer.AtomicBroadcastService, {
    broadcast: (stream: BroadcastStream) => {
      stream.on('data', (envelope: common.Envelope) => {
        taken.push(envelope.getPayload_asU8());
        if (status === undefined) return;
        const response = new orderer.BroadcastResponse();
        response.setStatus(status);
        response.setInfo(info);
        stream.write(response);
      });
      stream.on('end', () => status !== undefined && stream.end());
    },
    deliver: () => undefined,
  });
  servers.push(server);
  const { certificate, privateKey } = material.orderer.tls;
  const credentials = ServerCredentials.createSsl(null, [
    { cert_chain: Buffer.from(certificate), private_key: Buffer.from(privateKey) },
  ]);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return { endpoint: `localhost:${port}`, tlsRootCertificates: material.tlsCa.certificate };
}

function envelope(): common.Envelope {
  const result = new common.Envelope();
  result.setPayload(Buffer.from('payload'));
  return result;
}
const { SUCCESS, FORBIDDEN, SERVICE_UNAVAILABLE } = common.Status;

describe('an envelope', () => {
  it('goes to every orderer', async () => {
    const taken: Uint8Array[] = [];
    const orderers = await Promise.all([1, 2, 3].map(() => startOrderer(SUCCESS, '', taken)));
    await broadcast(envelope(), orderers);
    await expect
      .poll(() => taken.map((each) => Buffer.from(each).toString()))
      .toEqual(['payload', 'payload', 'payload']);
  });

  it('is sent as soon as one orderer has taken it, whatever the others do', async () => {
    const orderers = [
      await startOrderer(SERVICE_UNAVAILABLE, 'no leader'),
      await startOrderer(undefined),
      { endpoint: 'localhost:1', tlsRootCertificates: material.tlsCa.certificate },
      await startOrderer(SUCCESS),
    ];
    await broadcast(envelope(), orderers);
  });

  it('is refused with the reasons of all orderers, each once', async () => {
    const orderers = [
      await startOrderer(FORBIDDEN, 'policy not satisfied'),
      await startOrderer(FORBIDDEN, 'policy not satisfied'),
      await startOrderer(SERVICE_UNAVAILABLE, 'no leader'),
    ];
    const refused = broadcast(envelope(), orderers);
    await expect(refused).rejects.toThrow(BroadcastError);
    await expect(refused).rejects.toThrow(/403 policy not satisfied; 503 no leader$/);
  });

  it('cannot go anywhere without orderers', async () => {
    await expect(broadcast(envelope(), [])).rejects.toThrow(BroadcastError);
  });
});

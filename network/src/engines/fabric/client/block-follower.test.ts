import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { common, orderer, peer } from '@hyperledger/fabric-protos';
import { createOrganization, createSigner, decodeEnvelope, type OrganizationMaterial } from 'umlauf-channel';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BlockFollower, InvalidTransactionError } from './block-follower.js';

type DeliverStream = ServerDuplexStream<common.Envelope, peer.DeliverResponse>;
type Content = { id: string; code?: number; type?: number }[];

let material: OrganizationMaterial;
let fake: FakePeer;
let follower: BlockFollower | undefined;

/** A peer's event service: blocks are delivered from where the client asks, and while it is connected. */
class FakePeer {
  readonly starts: number[] = [];
  private readonly blocks: peer.DeliverResponse[] = [];
  private streams: DeliverStream[] = [];
  private server: Server | undefined;
  private port = 0;

  async start(): Promise<void> {
    const server = new Server();
    server.addService(peer.DeliverService, {
      deliverFiltered: (stream: DeliverStream) => {
        stream.once('data', (envelope: common.Envelope) => {
          const seek = orderer.SeekInfo.deserializeBinary(decodeEnvelope(envelope).payload.getData_asU8());
          const from = seek.getStart()?.getSpecified()?.getNumber() ?? -1;
          this.starts.push(from);
          for (const block of this.blocks.slice(from)) stream.write(block);
          this.streams.push(stream);
        });
        stream.on('error', () => undefined);
      },
      deliver: () => undefined,
      deliverWithPrivateData: () => undefined,
    });
    const { certificate, privateKey } = material.peer.tls;
    const credentials = ServerCredentials.createSsl(null, [
      { cert_chain: Buffer.from(certificate), private_key: Buffer.from(privateKey) },
    ]);
    this.port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${this.port}`, credentials, (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
    this.server = server;
  }

  stop(): void {
    this.server?.forceShutdown();
    this.streams = [];
  }

  /** The peer ends the stream with a status, as when it leaves the channel. */
  refuse(): void {
    const response = new peer.DeliverResponse();
    response.setStatus(common.Status.SERVICE_UNAVAILABLE);
    for (const stream of this.streams.splice(0)) {
      stream.write(response);
      stream.end();
    }
  }

  commit(...transactions: Content): void {
    const block = new peer.FilteredBlock();
    block.setNumber(this.blocks.length);
    block.setFilteredTransactionsList(
      transactions.map(({ id, code = peer.TxValidationCode.VALID, type }) => {
        const transaction = new peer.FilteredTransaction();
        transaction.setTxid(id);
        transaction.setTxValidationCode(code as never);
        transaction.setType((type ?? common.HeaderType.ENDORSER_TRANSACTION) as never);
        return transaction;
      }),
    );
    const response = new peer.DeliverResponse();
    response.setFilteredBlock(block);
    this.blocks.push(response);
    for (const stream of this.streams) stream.write(response);
  }

  follow(next: number): BlockFollower {
    const address = { endpoint: `localhost:${this.port}`, tlsRootCertificates: material.tlsCa.certificate };
    follower = new BlockFollower(address, 'umlauf', createSigner(material.admin, material.mspId), next);
    return follower;
  }
}

beforeAll(async () => {
  material = await createOrganization({ mspId: 'OwnMSP', domain: 'own.example', hosts: [], users: [] });
});
beforeEach(async () => {
  fake = new FakePeer();
  await fake.start();
  fake.commit({ id: 'genesis', type: common.HeaderType.CONFIG });
});
afterEach(() => {
  follower?.close();
  fake.stop();
});

describe('following blocks', () => {
  it('starts where it is told, and tells each block', async () => {
    const heights: number[] = [];
    fake.follow(1).onBlock((height) => heights.push(height));
    fake.commit({ id: 'a' });
    fake.commit({ id: 'b' });
    await expect.poll(() => heights).toEqual([2, 3]);
    expect(fake.starts).toEqual([1]);
  });

  it('tells in which block a transaction became valid', async () => {
    const following = fake.follow(1);
    const committed = following.commit('b');
    fake.commit({ id: 'a' });
    fake.commit({ id: 'x' }, { id: 'b' });
    expect(await committed).toEqual({ blockNumber: 2, code: peer.TxValidationCode.VALID });
  });

  it('takes an invalid transaction for an error with its code', async () => {
    const committed = fake.follow(1).commit('a');
    fake.commit({ id: 'a', code: peer.TxValidationCode.MVCC_READ_CONFLICT });
    await expect(committed).rejects.toThrow(InvalidTransactionError);
    await expect(committed).rejects.toThrow(/code 11\) in block 1/);
  });

  it('tells the next change of the configuration from other blocks', async () => {
    const configuration = fake.follow(1).nextConfiguration();
    fake.commit({ id: 'a' });
    fake.commit({ id: '', type: common.HeaderType.CONFIG });
    expect(await configuration).toBe(2);
  });

  it('waits for a block, or not if it has been seen', async () => {
    const following = fake.follow(1);
    const reached = following.reached(2);
    fake.commit({ id: 'a' });
    fake.commit({ id: 'b' });
    await reached;
    await following.reached(0);
    await following.reached(2);
    expect(following.height).toBe(3);
  });

  it('goes on where it was when the peer was down, and misses nothing', async () => {
    const following = fake.follow(1);
    fake.commit({ id: 'a' });
    await following.reached(1);
    const committed = following.commit('b');
    fake.stop();
    fake.commit({ id: 'b' });
    await fake.start();
    expect((await committed).blockNumber).toBe(2);
    expect(fake.starts).toEqual([1, 2]);
  });

  it('asks again when the peer ends the stream with a status', async () => {
    const following = fake.follow(1);
    fake.commit({ id: 'a' });
    await following.reached(1);
    fake.refuse();
    fake.commit({ id: 'b' });
    await following.reached(2);
    expect(fake.starts).toEqual([1, 2]);
  });
});

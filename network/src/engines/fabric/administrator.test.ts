import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { common, peer } from '@hyperledger/fabric-protos';
import { createOrganization, createSigner } from 'umlauf-channel';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Administrator } from './administrator.js';

/** A peer that answers how many blocks it has when it is told to. */
class SlowPeer {
  readonly asked: (() => void)[] = [];
  readonly followed = vi.fn();
  private readonly server = new Server();

  async start(certificate: string, privateKey: string): Promise<number> {
    const processProposal = (
      _call: ServerUnaryCall<peer.SignedProposal, peer.ProposalResponse>,
      answer: sendUnaryData<peer.ProposalResponse>,
    ) => this.asked.push(() => answer(null, heightOf(1)));
    this.server.addService(peer.EndorserService, { processProposal });
    this.server.addService(peer.DeliverService, {
      deliverFiltered: this.followed,
      deliver: this.followed,
      deliverWithPrivateData: this.followed,
    });
    const credentials = ServerCredentials.createSsl(null, [
      { cert_chain: Buffer.from(certificate), private_key: Buffer.from(privateKey) },
    ]);
    return new Promise((resolve, reject) => {
      this.server.bindAsync('127.0.0.1:0', credentials, (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
  }

  stop(): void {
    this.server.forceShutdown();
  }
}

function heightOf(height: number): peer.ProposalResponse {
  const info = new common.BlockchainInfo();
  info.setHeight(height);
  const response = new peer.Response();
  response.setStatus(200);
  response.setPayload(info.serializeBinary());
  const answer = new peer.ProposalResponse();
  answer.setResponse(response);
  return answer;
}

let slow: SlowPeer;
let administrator: Administrator;
beforeEach(async () => {
  const material = await createOrganization({ mspId: 'OwnMSP', domain: 'own.example', hosts: [], users: [] });
  slow = new SlowPeer();
  const port = await slow.start(material.peer.tls.certificate, material.peer.tls.privateKey);
  const address = { endpoint: `localhost:${port}`, tlsRootCertificates: material.tlsCa.certificate };
  administrator = new Administrator(address, 'umlauf', createSigner(material.admin, material.mspId));
});
afterEach(() => {
  administrator.close();
  slow.stop();
});

it('an administrator that was let go while the peer had yet to answer follows nothing any more', async () => {
  const following = administrator.follow();
  const outcome = following.then(
    (follower) => follower.close(),
    (error: unknown) => error,
  );
  await expect.poll(() => slow.asked.length).toBe(1);
  administrator.close();
  slow.asked[0]?.();
  expect(String(await outcome)).toContain('was let go'); // or it would dial the peer for ever, and hold the process
  expect(slow.followed).not.toHaveBeenCalled();
});

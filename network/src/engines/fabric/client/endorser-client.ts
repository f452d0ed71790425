import { peer } from '@hyperledger/fabric-protos';
import type { Signer } from 'umlauf-channel';
import { CONNECTION_OPTIONS, deadline, tlsCredentials, type NodeAddress } from './connection.js';
import { createProposal, type Proposal, type ProposalContent } from './proposal.js';

/** The peer simulated the call, and its chaincode (or system chaincode) refused; or the peer refused the proposal. */
export class PeerRefusal extends Error {
  override readonly name = 'PeerRefusal';

  constructor(
    message: string,
    /** As in HTTP: 400 and above are errors. */
    readonly status: number,
  ) {
    super(message);
  }
}

/** Fabric's threshold of what endorsers treat as an error (shim.ERRORTHRESHOLD). */
const ERROR_THRESHOLD = 400;
/** Installing runs a builder; everything else takes milliseconds. */
const TIMEOUT_MS = 60_000;

/** A peer's endorser service (`protos.Endorser`), with one identity that signs. */
export class EndorserClient {
  private readonly client: peer.EndorserClient;

  constructor(
    readonly address: NodeAddress,
    private readonly signer: Signer,
  ) {
    this.client = new peer.EndorserClient(address.endpoint, tlsCredentials(address), CONNECTION_OPTIONS);
  }

  /**
   * Has the peer simulate a call and gives what it answers; nothing is written.
   * @param timeoutMs by when it must have answered
   * @throws PeerRefusal if it is refused; a gRPC ServiceError if the peer can't be reached
   */
  async query(content: ProposalContent, timeoutMs = TIMEOUT_MS): Promise<Uint8Array> {
    const response = await this.endorse(createProposal(content, this.signer), timeoutMs);
    return response.getResponse()?.getPayload_asU8() ?? new Uint8Array();
  }

  /**
   * Has the peer simulate and endorse a proposal.
   * @throws PeerRefusal if it is refused; a gRPC ServiceError if the peer can't be reached
   */
  async endorse({ signed }: Proposal, timeoutMs = TIMEOUT_MS): Promise<peer.ProposalResponse> {
    const answer = await new Promise<peer.ProposalResponse>((resolve, reject) => {
      this.client.processProposal(signed, deadline(timeoutMs), (error, response) => {
        if (error) reject(error);
        else if (response) resolve(response);
        else reject(new Error(`${this.address.endpoint} answered nothing`));
      });
    });
    const response = answer.getResponse();
    const status = response?.getStatus() ?? 0;
    if (status < 200 || status >= ERROR_THRESHOLD)
      throw new PeerRefusal(response?.getMessage() ?? 'no answer', status);
    return answer;
  }

  /**
   * Resolves as soon as there is a connection.
   * @throws Error if there is none in time
   */
  async connected(timeoutMs: number): Promise<true> {
    return new Promise((resolve, reject) => {
      this.client.waitForReady(Date.now() + timeoutMs, (error) => (error ? reject(error) : resolve(true)));
    });
  }

  close(): void {
    this.client.close();
  }
}

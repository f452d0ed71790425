/** Collects endorsements for one proposal until a set of peers is complete (Fabric: plan in endorsement.go). */
import { peer } from '@hyperledger/fabric-protos';
import type { ErrorDetail } from '../protocol/grpc-error.js';
import { errorDetail } from './endorsing-peer.js';
import type { EndorsingPeer } from './endorsing-peer.js';
import type { Layouts } from './layout.js';
import { ask } from './response-status.js';

export class Collector {
  /** What went wrong so far, in the order in which it did. */
  readonly details: ErrorDetail[] = [];
  readonly #proposal: peer.SignedProposal;
  readonly #own: EndorsingPeer;
  readonly #endorsements = new Map<EndorsingPeer, peer.Endorsement>();
  #payload: Uint8Array | undefined;

  constructor(proposal: peer.SignedProposal, own: EndorsingPeer) {
    this.#proposal = proposal;
    this.#own = own;
  }

  /** The bytes that all have signed. */
  get payload(): Uint8Array {
    return this.#payload ?? new Uint8Array();
  }

  /** Takes an endorsement, unless its payload differs from that of the first. */
  add(endorser: EndorsingPeer, response: peer.ProposalResponse): boolean {
    const payload = response.getPayload_asU8();
    this.#payload ??= payload;
    if (Buffer.compare(this.#payload, payload) !== 0) {
      this.details.push(errorDetail(endorser, 'ProposalResponsePayloads do not match'));
      return false;
    }
    this.#endorsements.set(endorser, response.getEndorsement() ?? new peer.Endorsement());
    return true;
  }

  /** Asks all of these at the same time; `undefined` if one of them failed. */
  async all(endorsers: readonly EndorsingPeer[]): Promise<peer.Endorsement[] | undefined> {
    const failed = await this.#ask(endorsers);
    return failed.length === 0 ? this.#of(endorsers) : undefined;
  }

  /** Asks set after set, keeping what was endorsed already, until one is complete or none is left. */
  async untilSatisfied(layouts: Layouts): Promise<peer.Endorsement[] | undefined> {
    const failed = new Set<EndorsingPeer>();
    for (;;) {
      const endorsers = layouts.next(failed, [...this.#endorsements.keys()]);
      if (endorsers === undefined) return undefined;
      const open = endorsers.filter((endorser) => !this.#endorsements.has(endorser));
      const lost = await this.#ask(open);
      if (lost.length === 0) return this.#of(endorsers);
      for (const endorser of lost) failed.add(endorser);
    }
  }

  async #ask(endorsers: readonly EndorsingPeer[]): Promise<EndorsingPeer[]> {
    const results = await Promise.all(
      endorsers.map(async (endorser) => ((await this.#endorse(endorser)) ? undefined : endorser)),
    );
    return results.filter((endorser) => endorser !== undefined);
  }

  async #endorse(endorser: EndorsingPeer): Promise<boolean> {
    const judged = await ask(endorser, this.#proposal, endorser === this.#own);
    if (judged.ok) return this.add(endorser, judged.response);
    this.details.push(errorDetail(endorser, judged.message));
    return false;
  }

  #of(endorsers: readonly EndorsingPeer[]): peer.Endorsement[] {
    return endorsers.flatMap((endorser) => this.#endorsements.get(endorser) ?? []);
  }
}

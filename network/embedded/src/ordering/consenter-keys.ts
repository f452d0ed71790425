/** The keys of the consenters that this process plays. */
import { bftQuorum, createSigner } from 'umlauf-channel';
import type { BlockSigner, ChannelConfig, KeyPair, Signer } from 'umlauf-channel';

/** An orderer that this process plays. */
export interface ConsenterOptions {
  readonly mspId: string;
  readonly signing: KeyPair;
}

export class ConsenterKeys {
  readonly #keys: { readonly mspId: string; readonly certificate: string; readonly signer: Signer }[] = [];

  add({ mspId, signing }: ConsenterOptions): void {
    this.#keys.push({
      mspId,
      certificate: signing.certificate.trim(),
      signer: createSigner(signing, mspId),
    });
  }

  /** A quorum of the consenters of a configuration; fewer if the keys aren't here. */
  quorum({ consenters }: ChannelConfig): BlockSigner[] {
    const present = consenters.flatMap(({ id, mspId, certificate }) => {
      const key = this.#keys.find(
        (candidate) => candidate.mspId === mspId && candidate.certificate === certificate.trim(),
      );
      return key === undefined ? [] : [{ id, signer: key.signer }];
    });
    return present.slice(0, bftQuorum(consenters.length));
  }
}

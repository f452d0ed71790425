/** The channel's configuration as last read from the own peer: read when first needed and after each config block. */
import type { FabricClient } from './client.js';
import { channelConfigOf, type ChannelConfig } from './channel-config.js';
import { evaluateProblem } from './evaluate-failure.js';

/** The channel that a gateway works on. */
export class Channel {
  #config: Promise<ChannelConfig> | undefined;

  constructor(
    private readonly client: FabricClient,
    private readonly name: string,
  ) {}

  /**
   * The configuration; read once, then remembered until {@link forget}.
   * @throws {ProblemError} `peer-unavailable` and what else a failed evaluation is answered as.
   */
  config(): Promise<ChannelConfig> {
    this.#config ??= this.#read();
    return this.#config;
  }

  /** Has the configuration read again when it is needed next: a config block came, or a policy was not met. */
  forget(): void {
    this.#config = undefined;
  }

  #read(): Promise<ChannelConfig> {
    const reading = this.client
      .evaluate({ chaincode: 'cscc', transaction: 'GetChannelConfig', arguments: [this.name] })
      .then(channelConfigOf, (error: unknown) => {
        throw evaluateProblem(error, this.client.mspId);
      });
    reading.catch(() => {
      // A failed reading isn't remembered, unless another has begun since.
      if (this.#config === reading) this.#config = undefined;
    });
    return reading;
  }
}

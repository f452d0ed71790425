/** Whose turn it is: the gateways of the channel's organizations, in an order that each computes for itself. */
import { delayOfTurn, placeOf } from './stagger.js';

/** What {@link Turns} work with. */
export interface TurnParts {
  /** MSP id of the own organization. */
  readonly own: string;
  /** MSP ids of all organizations on the channel. */
  readonly organizations: () => Promise<readonly string[]>;
}

export class Turns {
  #organizations: readonly string[] = [];

  constructor(private readonly parts: TurnParts) {}

  /** Learns who is on the channel; what is known stays where that can't be read. */
  async refresh(): Promise<void> {
    this.#organizations = await this.parts.organizations();
  }

  /** Milliseconds that this gateway leaves an act on the subject to those before it. */
  delayMs(subject: string): number {
    return delayOfTurn(placeOf(subject, this.parts.own, this.#organizations));
  }
}

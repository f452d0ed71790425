/** A fact as the outside is told of it: an envelope of CloudEvents 1.0 in JSON, the same at every member's gateway. */
import type { SeenFact } from '../fabric/facts.js';
import { idOf, type Position } from './position.js';

/** The ledger that events are of. */
export interface LedgerName {
  readonly channel: string;
  readonly chaincode: string;
}

/** How the ledger is called, the same at every member's gateway. */
export const ledgerUrn = ({ channel, chaincode }: LedgerName): string =>
  `urn:umlauf:ledger:${channel}:${chaincode}`;

/** An event. */
export interface LedgerEvent {
  readonly position: Position;
  /** Of the fact, such as `resolution.opened`. */
  readonly type: string;
  /** The resource that it is about, such as `resolutions/admission-nrw`: its path below the API's base. */
  readonly resource: string;
  /** `id` of the envelope: transaction id and place among its facts. */
  readonly id: string;
  /** The envelope: JSON, on one line. */
  readonly json: string;
  /** As it goes into a stream of server-sent events; made once for all streams. */
  readonly frame: Buffer;
}

/** Where the resources lie whose facts don't begin with their own name. */
const COLLECTIONS: Readonly<Record<string, string>> = {
  ballot: 'resolutions',
  effect: 'resolutions',
  bylaws: 'bylaws',
  participation: 'projects',
  use: 'services',
};

function resourceOf({ type, id }: SeenFact): string {
  const [kind = ''] = type.split('.');
  return `${COLLECTIONS[kind] ?? `${kind}s`}/${id}`;
}

/** Made when first asked for: most events of the past are passed over by a filter. */
class FactEvent implements LedgerEvent {
  readonly position: Position;
  readonly type: string;
  readonly resource: string;
  readonly id: string;
  #json: string | undefined;
  #frame: Buffer | undefined;

  constructor(
    private readonly fact: SeenFact,
    private readonly ledger: LedgerName,
  ) {
    const { type, transactionId, blockNumber, transaction, index } = fact;
    this.position = { block: Number(blockNumber), transaction, fact: index };
    this.type = type;
    this.resource = resourceOf(fact);
    this.id = `${transactionId}-${index}`;
  }

  get json(): string {
    this.#json ??= this.#written();
    return this.#json;
  }

  get frame(): Buffer {
    this.#frame ??= Buffer.from(`id: ${idOf(this.position)}\ndata: ${this.json}\n\n`);
    return this.#frame;
  }

  #written(): string {
    const { type, transactionId, blockNumber, timestampMs, data } = this.fact;
    return JSON.stringify({
      specversion: '1.0',
      id: this.id,
      source: ledgerUrn(this.ledger),
      type: `umlauf.v1.${type}`,
      subject: this.resource,
      time: new Date(timestampMs).toISOString(),
      dataschema: `urn:umlauf:fact:v1:${type}`,
      datacontenttype: 'application/json',
      transactionid: transactionId,
      // A text: integers of CloudEvents end at 2³¹.
      blocknumber: String(blockNumber),
      position: idOf(this.position),
      data,
    });
  }
}

/** The event of a fact. */
export const eventOf = (fact: SeenFact, ledger: LedgerName): LedgerEvent => new FactEvent(fact, ledger);

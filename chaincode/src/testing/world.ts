/** A network with its ledger, clock and organizations, on which tests play members' offices. */
import { recordSchema } from '../api/records';
import { TRANSACTIONS, type InputOf, type OutputOf, type TransactionName } from '../api/transactions';
import type { UmlaufContract } from '../contracts/contract';
import { canonicalJson } from '../domain/canonical';
import { partsOf, typeOf } from '../domain/composite-key';
import { EVENT_NAME, type Fact } from '../domain/facts';
import { instant } from '../domain/time';
import { contracts } from '../index';
import { CERTIFICATES, type CertificateName } from './certificates';
import { type FakeEvent, fakeContext } from './fake-context';
import { FakeLedger, type Simulation, VALID } from './fake-ledger';
import { satisfies } from './signature-policy';

/** What the chaincode refused, as a client finds it in the message. */
export interface Refusal {
  readonly code: string;
  readonly data: Record<string, unknown>;
}

/** An endorsed transaction that hasn't been committed. */
export interface Endorsed<T> {
  readonly result: T;
  readonly simulation: Simulation;
  readonly facts: readonly Fact[];
  readonly event: FakeEvent | undefined;
}

export interface CallOptions {
  /** The transaction's timestamp in milliseconds; the clock's otherwise. */
  readonly at?: number;
}

type Method = (context: unknown, json: string) => Promise<string>;

export class World {
  /** Milliseconds since the epoch: the clock of every peer. */
  now = Date.parse('2026-03-02T09:00:00.000Z');
  /** Organizations on the channel and whether they have approved the chaincode. */
  readonly organizations = new Map<string, boolean>();
  readonly ledger = new FakeLedger(satisfies);
  /** Facts of all committed transactions. */
  readonly facts: Fact[] = [];
  readonly #contracts: Record<string, UmlaufContract>;

  constructor() {
    const clock = () => this.now;
    this.#contracts = Object.fromEntries(
      contracts.map((contract) => new contract(clock)).map((each) => [each.getName(), each]),
    );
  }

  get instant(): string {
    return instant(this.now);
  }

  /** Lets time pass; nothing happens by itself. */
  pass({ days = 0, seconds = 0 }: { days?: number; seconds?: number }): void {
    this.now += (days * 24 * 60 * 60 + seconds) * 1000;
  }

  office(mspId: string, certificate: CertificateName, attribute?: string): Office {
    return new Office(this, mspId, certificate, attribute);
  }

  /** Runs a transaction as each endorser would. */
  async endorse<N extends TransactionName>(
    office: Office,
    name: N,
    input: InputOf<N>,
    { at = this.now }: CallOptions = {},
  ): Promise<Endorsed<OutputOf<N>>> {
    const [contractName = '', method = ''] = name.split(':');
    const contract = this.#contracts[contractName] as unknown as Record<string, Method>;
    const simulation = this.ledger.simulate(at);
    let event: FakeEvent | undefined;
    const context = fakeContext(simulation, this.organizations, office.creator, (set) => {
      event = set;
    });
    const json = await contract[method]?.call(contract, context, JSON.stringify(input));
    if (json === undefined) throw new Error(`there is no transaction ${name}`);
    const result: unknown = JSON.parse(json);
    const parsed = TRANSACTIONS[name].output.parse(result);
    if (canonicalJson(parsed) !== json) throw new Error(`${name} answers what its schema doesn't name`);
    checkRecords(name, simulation);
    if (event && event.name !== EVENT_NAME) throw new Error(`an event of another name: ${event.name}`);
    const facts = event ? (JSON.parse(event.payload) as Fact[]) : [];
    return { result: result as OutputOf<N>, simulation, facts, event };
  }

  /** @returns Fabric's validation code */
  commit(endorsed: Endorsed<unknown>, endorsers?: readonly string[]): number {
    const majority = Math.floor(this.organizations.size / 2) + 1;
    const code = this.ledger.commit(endorsed.simulation, endorsers && new Set(endorsers), majority);
    if (code === VALID) this.facts.push(...endorsed.facts);
    return code;
  }

  async call<N extends TransactionName>(
    office: Office,
    name: N,
    input: InputOf<N>,
    options?: CallOptions,
  ): Promise<OutputOf<N>> {
    const endorsed = await this.endorse(office, name, input, options);
    if (TRANSACTIONS[name].kind === 'evaluate') {
      if (endorsed.simulation.writes.size > 0 || endorsed.event) throw new Error(`${name} writes`);
    } else {
      const code = this.commit(endorsed);
      if (code !== VALID) throw new Error(`committed as invalid: ${code}`);
    }
    return endorsed.result;
  }
}

/** Requires that each written key is a published one, and holds what is published of it. */
function checkRecords(name: string, { writes }: Simulation): void {
  for (const [key, value] of writes) {
    const schema = recordSchema(typeOf(key), partsOf(key));
    if (!schema) throw new Error(`${name} writes a key that is not published: ${JSON.stringify(key)}`);
    const text = value.toString('utf8');
    if (text !== '' && canonicalJson(schema.parse(JSON.parse(text))) !== text)
      throw new Error(`${name} writes what its schema doesn't name: ${JSON.stringify(key)}`);
  }
}

/** An office of an organization, with its certificate. */
export class Office {
  constructor(
    private readonly world: World,
    readonly mspId: string,
    private readonly certificate: CertificateName,
    private readonly attribute?: string,
  ) {}

  get creator() {
    const { mspId, certificate, attribute } = this;
    return {
      mspId,
      certificate: CERTIFICATES[certificate],
      ...(attribute !== undefined && { attribute }),
    };
  }

  call<N extends TransactionName>(name: N, input: InputOf<N>, options?: CallOptions): Promise<OutputOf<N>> {
    return this.world.call(this, name, input, options);
  }

  /** Endorsed and held back. */
  endorse<N extends TransactionName>(
    name: N,
    input: InputOf<N>,
    options?: CallOptions,
  ): Promise<Endorsed<OutputOf<N>>> {
    return this.world.endorse(this, name, input, options);
  }

  /** The refusal that the call must meet. */
  async refused<N extends TransactionName>(
    name: N,
    input: InputOf<N>,
    options?: CallOptions,
  ): Promise<Refusal> {
    try {
      await this.endorse(name, input, options);
    } catch (error) {
      const { message } = error as Error;
      if (Buffer.byteLength(message) > 1000) throw new Error('an error is too large', { cause: error });
      return JSON.parse(message) as Refusal;
    }
    throw new Error(`${name} was not refused`);
  }
}

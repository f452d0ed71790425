/** What every transaction goes through: input, caller, clock, act, event, result; and how its errors leave. */
import { Context, Contract } from 'fabric-contract-api';
import { TRANSACTIONS, type TransactionName } from '../api/transactions';
import type { Call } from '../domain/call';
import { canonicalJson } from '../domain/canonical';
import { DomainError } from '../domain/errors';
import { EVENT_NAME, type Fact } from '../domain/facts';
import { perform } from '../domain/performing';
import { instant } from '../domain/time';
import { ROLE_ATTRIBUTE, callerOf } from './caller';
import { parseInput } from './input';
import { LifecycleNetwork } from './lifecycle-network';
import { StubLedger } from './stub-ledger';

/** The peer's clock, in milliseconds since the epoch. */
export type Clock = () => number;

/** Fabric carries an error once for each endorser in gRPC trailers; large ones hang the client's connection. */
const LONGEST_ERROR = 1000;

/** A contract whose transactions each take one JSON text and return one. */
export abstract class UmlaufContract extends Contract {
  /** Fabric makes contracts without arguments: the clock is the peer's, except in tests. */
  protected constructor(
    name: string,
    private readonly clock: Clock,
  ) {
    super(name);
  }

  /** @throws {Error} whose message is the JSON `{code, data}` of a problem, under 1 kB. */
  protected async run(context: Context, name: TransactionName, json: string): Promise<string> {
    try {
      const input = parseInput(name, json);
      const facts: Fact[] = [];
      const call = callOf(context, facts, TRANSACTIONS[name].kind === 'submit' ? this.clock() : undefined);
      const result = canonicalJson(await perform(name, call, input));
      if (facts.length > 0) context.stub.setEvent(EVENT_NAME, Buffer.from(canonicalJson(facts), 'utf8'));
      return result;
    } catch (error) {
      if (!(error instanceof DomainError))
        context.logging
          .getLogger('umlauf')
          .error('%s: %s', name, error instanceof Error ? error.stack : error);
      throw leaving(error);
    }
  }

  override unknownTransaction(): Promise<void> {
    return Promise.reject(new DomainError('not-found', { resource: 'transaction' }));
  }
}

function callOf({ stub, clientIdentity }: Context, facts: Fact[], clock: number | undefined): Call {
  return {
    ledger: new StubLedger(stub),
    network: new LifecycleNetwork(stub),
    caller: callerOf(
      clientIdentity.getMSPID(),
      clientIdentity.getAttributeValue(ROLE_ATTRIBUTE),
      Buffer.from(clientIdentity.getIDBytes()).toString('utf8'),
    ),
    transactionId: stub.getTxID(),
    at: instant(stub.getDateTimestamp().getTime()),
    ...(clock !== undefined && { clock }),
    tell: (type, id, data = {}) => {
      facts.push({ type, id, data });
    },
  };
}

/** What isn't a refusal is a fault of this chaincode or its peer: said so, without its inner words. */
function leaving(error: unknown): Error {
  if (!(error instanceof DomainError))
    return new Error(JSON.stringify({ code: 'internal', data: {} }), { cause: error });
  return Buffer.byteLength(error.message, 'utf8') <= LONGEST_ERROR ? error : new DomainError(error.code);
}

/** Calls of the test chaincode, and what goes wrong with them. */
import { GatewayError } from '@hyperledger/fabric-gateway';
import type { Contract, ErrorDetail, SubmittedTransaction, Transaction } from '@hyperledger/fabric-gateway';
import { CHAINCODE, CHANNEL } from './consortium.js';
import type { ClientOptions, Consortium } from './consortium.js';

export class Probe {
  readonly contract: Contract;

  constructor(consortium: Consortium, index: number, options?: ClientOptions) {
    this.contract = consortium.client(index, options).getNetwork(CHANNEL).getContract(CHAINCODE);
  }

  async evaluate(name: string, ...args: string[]): Promise<string> {
    return text(await this.contract.evaluateTransaction(name, ...args));
  }

  async submit(name: string, ...args: string[]): Promise<string> {
    return text(await this.contract.submitTransaction(name, ...args));
  }

  async json(name: string, ...args: string[]): Promise<unknown> {
    return JSON.parse(await this.evaluate(name, ...args));
  }

  /** Endorses and holds the transaction back. */
  endorse(name: string, args: string[], endorsingOrganizations?: string[]): Promise<Transaction> {
    const options = { arguments: args };
    return this.contract
      .newProposal(
        name,
        endorsingOrganizations === undefined ? options : { ...options, endorsingOrganizations },
      )
      .endorse();
  }
}

export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** Submits a transaction and waits for its validation code. */
export async function codeOf(transaction: Transaction): Promise<number> {
  const submitted: SubmittedTransaction = await transaction.submit();
  return (await submitted.getStatus()).code;
}

/** What a client sees of a failed call. */
export interface Failure {
  readonly name: string;
  readonly code: number;
  readonly message: string;
  /** Sorted by MSP id. */
  readonly details: readonly Pick<ErrorDetail, 'mspId' | 'message'>[];
}

/** The failure of a call that must fail. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const { name, code, details } = error;
    return {
      name,
      code,
      message: error.cause.details,
      details: details
        .map(({ mspId, message }) => ({ mspId, message }))
        .sort((a, b) => (a.mspId < b.mspId ? -1 : 1)),
    };
  }
  throw new Error('the call succeeded');
}

/**
 * What a probe acts with. Calls are sequential, and every commit is waited for on all peers, so that nothing depends
 * on who is faster.
 */
import { status } from '@grpc/grpc-js';
import { GatewayError, type Contract, type Network, type Transaction } from '@hyperledger/fabric-gateway';
import { common, peer } from '@hyperledger/fabric-protos';
import { blockEnvelopes, decodeEnvelope } from 'umlauf-channel';
import { until } from '../harness/until.js';
import { Clients, type ClientOptions } from './client.js';
import type { Json } from './json.js';
import { CHAINCODE, CHANNEL, mspIdOf, ORGANIZATIONS, type ProbeNetwork } from './networks/network.js';

/** Three of four are the majority that the chaincode's policy asks. */
const MAJORITY = [1, 2, 3];

export interface CallOptions extends ClientOptions {
  /** Number of the organization whose user calls. Default: 1. */
  readonly by?: number;
  /** Numbers of the organizations that endorse; `'gateway'`: as the gateway finds. Default: 1, 2, 3. */
  readonly endorsers?: readonly number[] | 'gateway';
  readonly transient?: Readonly<Record<string, string>>;
}

export interface Committed {
  readonly transactionId: string;
  readonly result: string;
  /** Name of the validation code. */
  readonly code: string;
  readonly block: bigint;
}

export class Stage {
  readonly clients: Clients;
  readonly #network: ProbeNetwork;

  constructor(network: ProbeNetwork) {
    this.#network = network;
    this.clients = new Clients(network);
  }

  /** Acts over connections of its own, for what ruins them. */
  async apart<T>(act: (stage: Stage) => Promise<T>): Promise<T> {
    const stage = new Stage(this.#network);
    try {
      return await act(stage);
    } finally {
      stage.clients.close();
    }
  }

  network(number = 1, options?: ClientOptions): Network {
    return this.clients.gateway(number, options).getNetwork(CHANNEL);
  }

  contract(name = CHAINCODE, { by = 1, at, signer, deadline }: CallOptions = {}): Contract {
    const options = { ...(at && { at }), ...(signer && { signer }), ...(deadline && { deadline }) };
    return this.network(by, options).getContract(name);
  }

  /** Reads through the test chaincode. */
  async evaluate(name: string, ...args: string[]): Promise<string> {
    return text(await this.contract().evaluateTransaction(name, ...args));
  }

  async json(name: string, ...args: string[]): Promise<Json> {
    return JSON.parse(await this.evaluate(name, ...args)) as Json;
  }

  /** Endorses a call of the test chaincode and holds it back. */
  hold(name: string, args: readonly string[], options: CallOptions = {}): Promise<Transaction> {
    const { endorsers = MAJORITY, transient } = options;
    return this.contract(CHAINCODE, options)
      .newProposal(name, {
        arguments: [...args],
        ...(endorsers === 'gateway' ? {} : { endorsingOrganizations: endorsers.map(mspIdOf) }),
        ...(transient ? { transientData: { ...transient } } : {}),
      })
      .endorse();
  }

  /** Calls the test chaincode and waits until all peers have what it wrote. */
  async submit(name: string, args: readonly string[], options?: CallOptions): Promise<Committed> {
    return this.release(await this.hold(name, args, options));
  }

  async code(name: string, args: readonly string[], options?: CallOptions): Promise<string> {
    return (await this.submit(name, args, options)).code;
  }

  /** Submits what was held back and waits until all peers have it. */
  async release(transaction: Transaction): Promise<Committed> {
    const [committed] = await this.#order([transaction]);
    return committed!;
  }

  /**
   * Has transactions committed in one block and in their order. Both are up to the orderers, so it is tried until it
   * comes out that way.
   * @param prepare makes the transactions of an attempt; each attempt needs keys of its own
   */
  async releaseTogether(prepare: (attempt: number) => Promise<Transaction[]>): Promise<Committed[]> {
    for (let attempt = 0; attempt < 40; attempt += 1) {
      const committed = await this.#order(await prepare(attempt));
      const blocks = new Set(committed.map(({ block }) => block));
      const [block] = blocks;
      if (blocks.size > 1 || block === undefined) continue;
      const ids = await this.#idsOf(block);
      const places = committed.map(({ transactionId }) => ids.indexOf(transactionId));
      if (places.every((place, index) => index === 0 || place > places[index - 1]!)) return committed;
    }
    throw new Error('the transactions never came into one block in their order');
  }

  /** A block as a peer has it. */
  async block(number: bigint): Promise<common.Block> {
    const bytes = await this.contract('qscc').evaluateTransaction(
      'GetBlockByNumber',
      CHANNEL,
      String(number),
    );
    return common.Block.deserializeBinary(bytes);
  }

  /** Number of blocks at an organization's peer. */
  async height(number = 1): Promise<number> {
    const contract = this.network(number).getContract('qscc');
    const bytes = await contract.evaluateTransaction('GetChainInfo', CHANNEL);
    return common.BlockchainInfo.deserializeBinary(bytes).getHeight();
  }

  /** Until all peers have a block. */
  async everywhere(block: bigint): Promise<void> {
    if (this.#network.isOneLedger) return;
    for (const number of ORGANIZATIONS)
      await until(`block ${block} at ${mspIdOf(number)}`, async () =>
        (await this.height(number)) > Number(block) ? true : undefined,
      );
  }

  async #order(transactions: readonly Transaction[]): Promise<Committed[]> {
    const committed = await Promise.all(
      transactions.map(async (transaction) => {
        const { code, block } = await this.#commit(transaction);
        const result = text(transaction.getResult());
        return { transactionId: transaction.getTransactionId(), result, code, block };
      }),
    );
    for (const { block } of committed) await this.everywhere(block);
    return committed;
  }

  async #commit(transaction: Transaction): Promise<Pick<Committed, 'code' | 'block'>> {
    try {
      const { code, blockNumber } = await (await transaction.submit()).getStatus();
      return { code: codeName(code), block: blockNumber };
    } catch (error) {
      if (!isInDoubt(error)) throw error;
      return this.#settled(transaction.getTransactionId());
    }
  }

  /** The outcome by transaction id, once it is on the ledger. */
  #settled(id: string): Promise<Pick<Committed, 'code' | 'block'>> {
    const qscc = this.contract('qscc');
    return until(`transaction ${id}`, async () => {
      try {
        const found = await qscc.evaluateTransaction('GetTransactionByID', CHANNEL, id);
        const block = await qscc.evaluateTransaction('GetBlockByTxID', CHANNEL, id);
        return {
          code: codeName(peer.ProcessedTransaction.deserializeBinary(found).getValidationcode()),
          block: BigInt(common.Block.deserializeBinary(block).getHeader()?.getNumber() ?? 0),
        };
      } catch {
        return undefined;
      }
    });
  }

  async #idsOf(block: bigint): Promise<string[]> {
    return blockEnvelopes(await this.block(block)).map((envelope) =>
      decodeEnvelope(envelope).channelHeader.getTxId(),
    );
  }
}

const UNAVAILABLE: number = status.UNAVAILABLE;

/** Under BFT a gateway at times reports too few orderers for what they have taken; a refusal says so in its details. */
function isInDoubt(error: unknown): boolean {
  if (!(error instanceof GatewayError) || error.code !== UNAVAILABLE) return false;
  return !error.details.some(({ message }) => message.includes('unsuccessful response'));
}

export const codeName = (code: number): string =>
  Object.entries(peer.TxValidationCode).find(([, number]) => number === code)?.[0] ?? String(code);

export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

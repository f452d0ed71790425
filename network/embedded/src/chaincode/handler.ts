/**
 * The peer's side of the shim protocol (Fabric: chaincode.Handler): one for each stream, that is for each peer and
 * chaincode. It sends invocations and answers what the chaincode asks while it runs.
 */
import { peer } from '@hyperledger/fabric-protos';
import { callBytes, contextKey, typed, typeName } from './messages.js';
import { stateRequests } from './state-requests.js';
import type { MessageType } from './state-requests.js';
import type { ChaincodeStream } from './stream.js';
import { TransactionContext } from './transaction-context.js';
import type { Invocation } from './transaction-context.js';

const { ChaincodeMessage } = peer;
const { Type } = ChaincodeMessage;

/** Fabric's `chaincode.executetimeout`: 30 seconds. */
const EXECUTE_TIMEOUT_MS = 30_000;

/** How every message of a lost chaincode ends; the gateway recognises it and tries another peer. */
const STREAM_TERMINATED = 'chaincode stream terminated';

/** Calls another chaincode within the same simulation. */
export type InvokeChaincode = (
  invocation: Invocation,
  name: string,
  input: peer.ChaincodeInput,
) => Promise<peer.ChaincodeMessage>;

interface Running {
  readonly context: TransactionContext;
  readonly settle: (result: peer.ChaincodeMessage | Error) => void;
  /** Resolves when it has come to an end, well or badly. */
  readonly settled: Promise<void>;
}

export class ChaincodeHandler {
  readonly #stream: ChaincodeStream;
  readonly #invoke: InvokeChaincode;
  readonly #running = new Map<string, Running>();
  #ready: (() => void) | undefined;
  #failed: ((reason: Error) => void) | undefined;
  #state: 'created' | 'ready' | 'closed' = 'created';

  private constructor(stream: ChaincodeStream, invoke: InvokeChaincode) {
    this.#stream = stream;
    this.#invoke = invoke;
  }

  /** Waits for the chaincode to register. */
  static async open(stream: ChaincodeStream, invoke: InvokeChaincode): Promise<ChaincodeHandler> {
    const handler = new ChaincodeHandler(stream, invoke);
    const ready = new Promise<void>((resolve, reject) => {
      handler.#ready = resolve;
      handler.#failed = reject;
    });
    stream.onMessage = (bytes) => handler.#receive(bytes);
    stream.onClose = () => handler.#closed();
    await ready;
    return handler;
  }

  get isOpen(): boolean {
    return this.#state === 'ready';
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    while (this.#running.size > 0)
      await Promise.all([...this.#running.values()].map(({ settled }) => settled));
  }

  close(): void {
    this.#stream.close();
    this.#closed();
  }

  /**
   * Runs an invocation.
   * @throws Error when the chaincode doesn't answer in time or its stream ends
   */
  execute(
    invocation: Invocation,
    namespace: string,
    input: peer.ChaincodeInput,
  ): Promise<peer.ChaincodeMessage> {
    const { transactionId, channelId } = invocation;
    const key = contextKey(channelId, transactionId);
    if (this.#running.has(key)) {
      return Promise.reject(new Error(`txid: ${transactionId}(${channelId}) exists`));
    }
    let end: () => void = () => undefined;
    const settled = new Promise<void>((resolve) => (end = resolve));
    return new Promise((resolve, reject) => {
      const context = new TransactionContext(invocation, namespace);
      const timer = setTimeout(() => {
        settle(new Error('timeout expired while executing transaction'));
      }, EXECUTE_TIMEOUT_MS);
      const settle = (result: peer.ChaincodeMessage | Error): void => {
        if (!this.#running.delete(key)) return;
        clearTimeout(timer);
        void context.closeQueries();
        end();
        if (result instanceof Error) reject(result);
        else resolve(result);
      };
      this.#running.set(key, { context, settle, settled });
      this.#sendBytes(callBytes(invocation, input));
    });
  }

  #receive(bytes: Uint8Array): void {
    const message = ChaincodeMessage.deserializeBinary(bytes);
    const type = message.getType();
    if (type === Type.KEEPALIVE) return;
    if (this.#state === 'created' && type === Type.REGISTER) {
      this.#register();
      return;
    }
    const running = this.#running.get(contextKey(message.getChannelId(), message.getTxid()));
    if (type === Type.COMPLETED || type === Type.ERROR) running?.settle(message);
    else void this.#answer(message, type, running?.context);
  }

  #register(): void {
    this.#send(typed(Type.REGISTERED));
    this.#send(typed(Type.READY));
    this.#state = 'ready';
    this.#ready?.();
  }

  async #answer(
    request: peer.ChaincodeMessage,
    type: MessageType,
    context: TransactionContext | undefined,
  ): Promise<void> {
    const reply = new ChaincodeMessage();
    reply.setTxid(request.getTxid());
    reply.setChannelId(request.getChannelId());
    try {
      reply.setPayload(await this.#handle(request.getPayload_asU8(), type, context));
      reply.setType(Type.RESPONSE);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      reply.setPayload(
        Buffer.from(`${typeName(type)} failed: transaction ID: ${request.getTxid()}: ${reason}`),
      );
      reply.setType(Type.ERROR);
    }
    this.#send(reply);
  }

  async #handle(
    payload: Uint8Array,
    type: MessageType,
    context: TransactionContext | undefined,
  ): Promise<Uint8Array> {
    if (type === Type.INVOKE_CHAINCODE) {
      if (context === undefined) throw new Error('could not get valid transaction');
      return this.#callChaincode(payload, context);
    }
    const simulator = context?.invocation.simulator;
    if (context === undefined || simulator === undefined) throw new Error('no ledger context');
    const request = stateRequests.get(type);
    if (request === undefined) {
      throw new Error(`UNIMPLEMENTED: ${typeName(type)} is not supported by the embedded network`);
    }
    return request(payload, context, simulator);
  }

  /** The name may be `name:version/channel`; only the caller's channel exists here. */
  async #callChaincode(payload: Uint8Array, { invocation }: TransactionContext): Promise<Uint8Array> {
    const spec = peer.ChaincodeSpec.deserializeBinary(payload);
    const [instance = '', channel = invocation.channelId] = (spec.getChaincodeId()?.getName() ?? '').split(
      '/',
      2,
    );
    const [name = ''] = instance.split(':', 1);
    if (channel !== '' && channel !== invocation.channelId) {
      throw new Error(`Failed to get policy manager for channel [${channel}]`);
    }
    const input = spec.getInput() ?? new peer.ChaincodeInput();
    try {
      return (await this.#invoke(invocation, name, input)).serializeBinary();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`execute failed: ${reason}`, { cause: error });
    }
  }

  #send(message: peer.ChaincodeMessage): void {
    this.#sendBytes(message.serializeBinary());
  }

  #sendBytes(message: Uint8Array): void {
    if (this.#state !== 'closed') this.#stream.send(message);
  }

  #closed(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#failed?.(new Error('chaincode registration failed: stream ended'));
    for (const { settle } of [...this.#running.values()]) settle(new Error(STREAM_TERMINATED));
  }
}

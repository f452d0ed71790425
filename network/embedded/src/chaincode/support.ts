/**
 * One peer's way to run chaincode (Fabric: ChaincodeSupport): finds what a name stands for on the channel, launches
 * it if need be, and hands system chaincodes to their own code.
 */
import { peer } from '@hyperledger/fabric-protos';
import type { Simulator } from '../ledger/simulator.js';
import type { ChaincodeDirectory, EndorsementInfo } from '../lifecycle/directory.js';
import { reasonOf, UnsendableResponse } from '../system/system-chaincodes.js';
import type { SystemChaincodes } from '../system/system-chaincodes.js';
import { ChaincodeHandler } from './handler.js';
import type { ChaincodePackages } from './packages.js';
import type { MessageType } from './state-requests.js';
import type { Invocation } from './transaction-context.js';

const { ChaincodeMessage } = peer;

export interface ChaincodeSupportOptions {
  readonly directory: ChaincodeDirectory;
  readonly packages: ChaincodePackages;
  readonly system: SystemChaincodes;
  /** Checks that the proposal's creator may call one chaincode from another; throws if not. */
  readonly checkCall: (invocation: Invocation) => void;
}

export class ChaincodeSupport {
  readonly #options: ChaincodeSupportOptions;
  readonly #handlers = new Map<string, Promise<ChaincodeHandler>>();

  constructor(options: ChaincodeSupportOptions) {
    this.#options = options;
  }

  /** Runs a chaincode within an invocation: the one that was proposed, or one that it calls. */
  async invoke(
    invocation: Invocation,
    name: string,
    input: peer.ChaincodeInput,
  ): Promise<peer.ChaincodeMessage> {
    const { system } = this.#options;
    if (system.has(name)) return this.#invokeSystem(invocation, name, input);
    const { simulator } = invocation;
    if (simulator === undefined) throw new Error('could not get valid transaction');
    const info = this.#info(name, simulator, invocation.channelId);
    if (info.initRequired || input.getIsInit()) {
      throw new Error('UNIMPLEMENTED: chaincode that requires Init is not supported by the embedded network');
    }
    const handler = await this.#launch(info.packageId);
    try {
      return await handler.execute(invocation, name, input);
    } catch (error) {
      throw new Error(`error sending: ${reasonOf(error)}`, {
        cause: error,
      });
    }
  }

  async #invokeSystem(
    invocation: Invocation,
    name: string,
    input: peer.ChaincodeInput,
  ): Promise<peer.ChaincodeMessage> {
    const { Type } = ChaincodeMessage;
    try {
      const response = await this.#options.system.invoke(invocation, name, input);
      return message(Type.COMPLETED, response.serializeBinary());
    } catch (error) {
      if (!(error instanceof UnsendableResponse)) throw error;
      return message(Type.ERROR, Buffer.from(error.message));
    }
  }

  /** Ends the stream to a package once nothing runs in it. */
  async retire(packageId: string): Promise<void> {
    const handler = await this.#handlers.get(packageId)?.catch(ignore);
    this.#handlers.delete(packageId);
    await handler?.idle();
    handler?.close();
  }

  close(): void {
    for (const handler of this.#handlers.values()) void handler.then((open) => open.close(), ignore);
    this.#handlers.clear();
  }

  async #launch(packageId: string): Promise<ChaincodeHandler> {
    for (;;) {
      const starting = this.#handlers.get(packageId);
      if (starting === undefined) return this.#open(packageId);
      const handler = await starting.catch(ignore);
      if (handler?.isOpen === true) return handler;
      // Several invocations may find it gone: the first forgets it and starts it anew, the others find the new one.
      if (this.#handlers.get(packageId) === starting) this.#handlers.delete(packageId);
    }
  }

  #info(name: string, simulator: Simulator, channelId: string): EndorsementInfo {
    try {
      return this.#options.directory.endorsementInfo(name, simulator);
    } catch (error) {
      throw new Error(
        `invalid invocation: [channel ${channelId}] failed to get chaincode container info for ${name}: ${reasonOf(error)}`,
        { cause: error },
      );
    }
  }

  #open(packageId: string): Promise<ChaincodeHandler> {
    const starting = this.#connect(packageId);
    this.#handlers.set(packageId, starting);
    return starting;
  }

  async #connect(packageId: string): Promise<ChaincodeHandler> {
    const entry = this.#options.packages.get(packageId);
    try {
      if (entry === undefined) throw new Error('chaincode is not installed');
      return await ChaincodeHandler.open(await entry.host.connect(), (invocation, name, input) =>
        this.#callFromChaincode(invocation, name, input),
      );
    } catch (error) {
      const reason = reasonOf(error);
      throw new Error(`could not launch chaincode ${packageId}: ${reason}`, { cause: error });
    }
  }

  #callFromChaincode(
    invocation: Invocation,
    name: string,
    input: peer.ChaincodeInput,
  ): Promise<peer.ChaincodeMessage> {
    if (!this.#options.system.has(name)) this.#options.checkCall(invocation);
    return this.invoke(invocation, name, input);
  }
}

const ignore = (): undefined => undefined;

function message(type: MessageType, payload: Uint8Array): peer.ChaincodeMessage {
  const result = new ChaincodeMessage();
  result.setType(type);
  result.setPayload(payload);
  return result;
}

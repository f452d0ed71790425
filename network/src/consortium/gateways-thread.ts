/**
 * Gateways in a thread of their own. What they and the network need of the processor is about the same, and one thread
 * would have to do both in turn; nothing else depends on it: a gateway knows its peer by its address alone.
 */
import { MessageChannel, Worker } from 'node:worker_threads';
import { proxy, releaseProxy, wrap, type Remote } from 'comlink';
import type { RunningGateway } from 'umlauf-gateway';
import type { gatewaysThread, SentOptions } from './gateways-worker.js';

const SCRIPT = new URL('../../worker/gateways.js', import.meta.url);

/** A gateway of the thread. */
export interface HostedGateway extends Omit<RunningGateway, 'renewIdentities' | 'renew' | 'reopenAudit'> {
  readonly renewIdentities: (...renewed: Parameters<RunningGateway['renewIdentities']>) => Promise<void>;
}

export class GatewaysThread {
  private readonly worker: Worker;
  private readonly remote: Remote<typeof gatewaysThread>;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.worker = new Worker(SCRIPT, { workerData: port2, transferList: [port2] });
    this.remote = wrap(port1);
  }

  /**
   * @param onAdmitted told when the gateway sees that a member was admitted
   * @throws Error if its options are wrong or it can't listen
   */
  async start(options: SentOptions, onAdmitted: () => void): Promise<HostedGateway> {
    const remote = await this.remote.start(options, proxy(onAdmitted));
    return {
      url: await remote.url,
      ready: () => remote.ready(),
      proveWriting: () => remote.proveWriting(),
      renewIdentities: (identities) => remote.renewIdentities(identities),
      whileHeld: async (work) => {
        await remote.hold();
        try {
          return await work();
        } finally {
          await remote.letGo();
        }
      },
      stop: async () => {
        await remote.stop();
        remote[releaseProxy]();
      },
    };
  }

  /** Whatever still runs in it ends at once. */
  async end(): Promise<void> {
    await this.worker.terminate();
  }
}

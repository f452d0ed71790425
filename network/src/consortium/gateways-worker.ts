/** What runs in the gateways' thread: it starts gateways for those who ask, and does with them what they ask. */
import { workerData, type MessagePort } from 'node:worker_threads';
import { expose, proxy, type ProxyMarked } from 'comlink';
import { startGateway, type GatewayOptions, type ReportedFact, type RunningGateway } from 'umlauf-gateway';

/** Options that can be sent to another thread. */
export type SentOptions = Omit<GatewayOptions, 'logger' | 'onFact'>;

/** What the thread does for others. */
export const gatewaysThread = {
  async start(options: SentOptions, onAdmitted: () => void): Promise<RunningGateway & ProxyMarked> {
    // Of all that happens the others need this alone.
    const onFact = ({ type }: ReportedFact) => {
      if (type === 'member.admitted') onAdmitted();
    };
    return proxy(await startGateway({ ...options, onFact }));
  },
};

expose(gatewaysThread, workerData as MessagePort);

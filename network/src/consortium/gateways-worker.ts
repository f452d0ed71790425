/** What runs in the gateways' thread: it starts gateways for those who ask, and does with them what they ask. */
import { workerData, type MessagePort } from 'node:worker_threads';
import { expose, proxy, type ProxyMarked } from 'comlink';
import { startGateway, type GatewayOptions, type ReportedFact, type RunningGateway } from 'umlauf-gateway';

/** Options that can be sent to another thread; the issuer of tokens is the home's. */
export type SentOptions = Omit<GatewayOptions, 'logger' | 'onFact'> &
  Pick<Required<GatewayOptions>, 'tokens'>;

/** A gateway that is held and let go by calls of their own. */
export interface HeldGateway extends Omit<RunningGateway, 'whileHeld'> {
  /** Resolves when no request is under way any more; those that come wait until it is let go. */
  readonly hold: () => Promise<void>;
  readonly letGo: () => void;
}

/**
 * No function is passed to be called while the gateway is held: comlink forgets the other side's function as soon as
 * nobody here refers to it, be its answer still awaited.
 */
function heldFromElsewhere({ whileHeld, ...gateway }: RunningGateway): HeldGateway {
  const releases: (() => void)[] = [];
  return {
    ...gateway,
    hold: () =>
      new Promise<void>((resolve, reject) => {
        const held = () =>
          new Promise<void>((release) => {
            releases.push(release);
            resolve();
          });
        whileHeld(held).catch(reject);
      }),
    letGo: () => releases.shift()?.(),
  };
}

/** What the thread does for others. */
export const gatewaysThread = {
  async start(options: SentOptions, onAdmitted: () => void): Promise<HeldGateway & ProxyMarked> {
    // Of all that happens the others need this alone.
    const onFact = ({ type }: ReportedFact) => {
      if (type === 'member.admitted') onAdmitted();
    };
    return proxy(heldFromElsewhere(await startGateway({ ...options, onFact })));
  },
};

expose(gatewaysThread, workerData as MessagePort);

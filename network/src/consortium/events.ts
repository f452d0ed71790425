import type { GatewayAccess } from '../rest.js';

/** What is told while the consortium comes up and runs. */
export interface ConsortiumEvents {
  /** A step of coming up. */
  step?(text: string, transactionId?: string): void;
  /** What members on other machines have to do before it goes on. */
  waits?(text: string): void;
  /** A member's organization is on the network and its gateway answers. */
  joined?(gateway: GatewayAccess): void;
  /** Register and network disagree, or something else needs a person. */
  alarm?(text: string): void;
}

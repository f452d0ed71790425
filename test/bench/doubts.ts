/** Calls whose outcome wasn't known when they were answered: they are counted, and looked up in the end. */
import { RestProblem, call, type GatewayAccess } from 'umlauf-network';
import { until } from '../harness/until.js';
import type { Figure } from './measure.js';

const LOOK_MS = 30_000;

interface Doubt {
  readonly gateway: GatewayAccess;
  readonly transactionId: string;
}

/** The transaction of a call whose outcome is open, if that is what it failed with. */
function transactionInDoubt(error: unknown): string | undefined {
  if (error instanceof RestProblem)
    return error.is('outcome-unknown') ? (error.problem['transactionId'] as string) : undefined;
  // As Fabric's client names them: neither says anything about the outcome.
  const { name, transactionId } = error as { name?: string; transactionId?: string };
  return name === 'SubmitError' || name === 'CommitStatusError' ? transactionId : undefined;
}

export class Doubts {
  readonly #open: Doubt[] = [];

  /** @throws what the call throws, unless its outcome is open. @param gateway Where it is looked up. */
  async counting(gateway: GatewayAccess, write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (error) {
      const transactionId = transactionInDoubt(error);
      if (transactionId === undefined) throw error;
      this.#open.push({ gateway, transactionId });
    }
  }

  /** How many there were since the last time, and what became of them. */
  async figures(): Promise<Figure[]> {
    const outcomes = await Promise.all(this.#open.splice(0).map(committed));
    return [
      { name: 'answered before the outcome was known', value: outcomes.length, unit: '' },
      { name: '… of these committed all the same', value: outcomes.filter(Boolean).length, unit: '' },
    ];
  }
}

/** Whether a transaction is valid in a block; what isn't there in the end never was. */
async function committed({ gateway, transactionId }: Doubt): Promise<boolean> {
  const path = `/transactions/${transactionId}`;
  const look = async () => {
    const { body } = await call<{ readonly status: string }>(gateway, 'auditor', 'GET', path);
    return body.status === 'pending' ? undefined : body.status;
  };
  const found = until(path, () => look().catch(() => undefined), { timeoutMilliseconds: LOOK_MS });
  return (await found.catch(() => 'absent')) === 'valid';
}

/** What is told how a request fares on its way to Fabric. Nothing listens by default, and then it costs nothing. */

/** Steps that are timed. `commit` ends when the outcome is known, `settle` is the part of it that looks for one in doubt. */
export type Step =
  | 'authenticate'
  | 'authorize'
  | 'evaluate'
  | 'endorse'
  | 'submit'
  | 'commit'
  | 'settle'
  | 'commit-status'
  | 'discover';

/** Why a transaction was proposed again. */
export const RETRIES = ['conflict', 'policy', 'outdated', 'disagreement', 'unreachable'] as const;
export type Retry = (typeof RETRIES)[number];

/** What became of a transaction in doubt: it has an effect, has none, isn't there, or nobody could be asked. */
export const DOUBTS = ['valid', 'invalid', 'absent', 'unreachable'] as const;
export type Doubt = (typeof DOUBTS)[number];

export interface Observer {
  /** Does the work of a step. @param about What tells steps apart in a trace: never anything a caller wrote. */
  step<T>(step: Step, work: () => Promise<T>, about?: Readonly<Record<string, string>>): Promise<T>;
  retried(reason: Retry): void;
  settled(doubt: Doubt): void;
}

export const UNOBSERVED: Observer = {
  step: (_step, work) => work(),
  retried: () => undefined,
  settled: () => undefined,
};

/** Tells several. */
export function observers(all: readonly Observer[]): Observer {
  const [first, second, ...rest] = all;
  if (!first) return UNOBSERVED;
  if (!second) return first;
  const others = observers([second, ...rest]);
  return {
    step: (step, work, about) => first.step(step, () => others.step(step, work, about), about),
    retried: (reason) => {
      first.retried(reason);
      others.retried(reason);
    },
    settled: (doubt) => {
      first.settled(doubt);
      others.settled(doubt);
    },
  };
}

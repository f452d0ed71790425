/** Holds what was observed on the embedded network against what is recorded of real Fabric. */
import type { KnownDifference } from './differences.js';
import { differences, type Difference, type Observations } from './observations.js';

export interface Verdict {
  /** Differences that nobody has listed. */
  readonly unexpected: readonly Difference[];
  /** Listed differences that are none any more. */
  readonly outdated: readonly KnownDifference[];
}

export function judge(
  recorded: Observations,
  observed: Observations,
  known: readonly KnownDifference[],
): Verdict {
  const found = differences(recorded, observed);
  const covers = ({ field }: KnownDifference, difference: Difference): boolean =>
    difference.field === field || difference.field.startsWith(`${field} » `);
  return {
    unexpected: found.filter((difference) => !known.some((entry) => covers(entry, difference))),
    outdated: known.filter((entry) => !found.some((difference) => covers(entry, difference))),
  };
}

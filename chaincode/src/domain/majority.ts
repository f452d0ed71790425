/** Majorities and what they are taken of (§43(2), §16(2)–(3) GenG). */

/** From the loosest to the strictest. `simple` is more than half, the others are at least the fraction. */
export const MAJORITIES = ['simple', 'two-thirds', 'three-quarters', 'nine-tenths', 'unanimous'] as const;
export type Majority = (typeof MAJORITIES)[number];

/** `votes-cast`: yes and no. `votes-present`: abstentions too. `all-on-roll`: every member entitled to vote. */
export const BASES = ['votes-cast', 'votes-present', 'all-on-roll'] as const;
export type Base = (typeof BASES)[number];

/** Whether `majority` asks for at least the fraction that `minimum` asks for. */
export function atLeastAsStrict(majority: Majority, minimum: Majority): boolean {
  return MAJORITIES.indexOf(majority) >= MAJORITIES.indexOf(minimum);
}

const FRACTIONS: Record<Exclude<Majority, 'simple'>, readonly [number, number]> = {
  'two-thirds': [2, 3],
  'three-quarters': [3, 4],
  'nine-tenths': [9, 10],
  unanimous: [1, 1],
};

/** Whether `yes` votes reach the majority of `base` votes. A tie is a rejection; nothing is reached of nothing. */
export function reaches(majority: Majority, yes: number, base: number): boolean {
  if (base === 0) return false;
  if (majority === 'simple') return yes * 2 > base;
  const [numerator, denominator] = FRACTIONS[majority];
  return yes * denominator >= base * numerator;
}

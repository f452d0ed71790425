/** What is measured: a figure with its unit and, where there is one, the target that it must reach. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: { readonly atMost?: number; readonly atLeast?: number };
}

/** The value below which a share of all values lies, 0 ≤ share ≤ 1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** The mean of rates over turns with the same number of calls. */
export function harmonicMean(rates: readonly number[]): number {
  return rates.length / rates.reduce((sum, rate) => sum + 1 / rate, 0);
}

/** Milliseconds that each call takes, one after the other. */
export async function oneByOne<T>(
  items: readonly T[],
  call: (item: T) => Promise<unknown>,
): Promise<number[]> {
  const times: number[] = [];
  for (const item of items) {
    const start = performance.now();
    await call(item);
    times.push(performance.now() - start);
  }
  return times;
}

/** Calls a second, with `inFlight` calls at a time. */
export async function perSecond<T>(
  items: readonly T[],
  inFlight: number,
  call: (item: T) => Promise<unknown>,
): Promise<number> {
  const rest = [...items];
  const start = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (let item = rest.pop(); item !== undefined; item = rest.pop()) await call(item);
    }),
  );
  return (items.length / (performance.now() - start)) * 1000;
}

export function reached({ value, target }: Figure): boolean | undefined {
  if (!target) return undefined;
  return value <= (target.atMost ?? Infinity) && value >= (target.atLeast ?? -Infinity);
}

export function line(figure: Figure): string {
  const { name, value, unit, target } = figure;
  const wanted =
    target?.atMost !== undefined
      ? `≤ ${target.atMost}`
      : target?.atLeast !== undefined
        ? `≥ ${target.atLeast}`
        : '';
  const verdict = { true: 'reached', false: 'MISSED', undefined: '' }[String(reached(figure))] ?? '';
  return `${name.padEnd(62)} ${value.toFixed(value < 10 ? 2 : 0).padStart(8)} ${unit.padEnd(12)} ${wanted.padEnd(8)} ${verdict}`.trimEnd();
}

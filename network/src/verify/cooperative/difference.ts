/** Where two records of the ledger differ. */
import { rules } from 'umlauf-chaincode/api';

/** Path of the first difference, such as `opening.roll.2.votes`; of the whole where one is no object. */
export function differenceOf(found: unknown, expected: unknown, path: readonly string[] = []): string {
  if (isObject(found) && isObject(expected))
    for (const name of new Set([...Object.keys(found), ...Object.keys(expected)]))
      if (!rules.sameContent(found[name] ?? null, expected[name] ?? null))
        return differenceOf(found[name], expected[name], [...path, name]);
  return path.length === 0 ? 'the whole' : path.join('.');
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

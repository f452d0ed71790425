/** Runs the probes, keeps what they observed, and compares two sets of observations field by field. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import type { Json } from './json.js';
import type { ProbeNetwork } from './networks/network.js';
import { normalise } from './normalise.js';
import { probes } from './probes.js';
import { Stage } from './stage.js';

/** What was observed, by the probe's name. */
export type Observations = Readonly<Record<string, Json>>;

/** One field in which two sets of observations differ. */
export interface Difference {
  /** The probe's name, then the way to the field, such as `topic / probe » details » 0`. */
  readonly field: string;
  readonly expected: Json | undefined;
  readonly observed: Json | undefined;
}

/** What a probe that could not be carried out observed. */
const FAILED = 'could not be carried out';

/** Runs all probes, one after the other. */
export async function observe(network: ProbeNetwork, only?: RegExp): Promise<Observations> {
  const stage = new Stage(network);
  try {
    const observed: Record<string, Json> = {};
    for (const [name, probe] of probes) {
      if (only && !only.test(name)) continue;
      observed[name] = await probe(stage).then(normalise, (error: unknown) => `${FAILED}: ${String(error)}`);
    }
    return observed;
  } finally {
    stage.clients.close();
  }
}

/** The fields in which they differ, in the order of the names. */
export function differences(expected: Observations, observed: Observations): Difference[] {
  return compare('', expected, observed);
}

function compare(field: string, expected: Json | undefined, observed: Json | undefined): Difference[] {
  if (!isComposite(expected) || !isComposite(observed) || Array.isArray(expected) !== Array.isArray(observed))
    return expected === observed || JSON.stringify(expected) === JSON.stringify(observed)
      ? []
      : [{ field, expected, observed }];
  const names = new Set([...Object.keys(expected), ...Object.keys(observed)]);
  return [...names].flatMap((name) =>
    compare(field === '' ? name : `${field} » ${name}`, expected[name], observed[name]),
  );
}

function isComposite(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null;
}

/** The probes that could not be carried out, with their reason. */
export function failed(observations: Observations): string[] {
  return Object.entries(observations).flatMap(([name, seen]) =>
    typeof seen === 'string' && seen.startsWith(FAILED) ? [`${name}: ${seen}`] : [],
  );
}

/** The file with what was observed on a version of real Fabric. */
export const recordedFile = (version: string): string =>
  fileURLToPath(new URL(`./recorded/fabric-${version}.json`, import.meta.url));

export function readObservations(file: string): Observations | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Observations) : undefined;
}

/** Writes them sorted, and formatted like everything else that is checked in. */
export async function writeObservations(file: string, observations: Observations): Promise<void> {
  const options = { ...(await resolveConfig(file)), filepath: file };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await format(JSON.stringify(sorted(observations), undefined, 2), options));
}

/** With the names of every object in order; lists stay as they are. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value as Readonly<Record<string, Json>>);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, entry]) => [name, sorted(entry)]),
  );
}

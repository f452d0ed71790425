/**
 * Runs the probes on real Fabric. With `UMLAUF_RECORD=1` it records what they observe; else it compares with what is
 * recorded, which must be the same.
 */
import { expect, test } from 'vitest';
import { findFabric } from 'umlauf-network';
import { startFabric } from './networks/fabric.js';
import {
  differences,
  failed,
  observe,
  readObservations,
  recordedFile,
  writeObservations,
} from './observations.js';
import { probes } from './probes.js';
import { FABRIC_VERSION } from './version.js';

const found = await findFabric().catch((error: unknown) => (error as Error).message);
const missing = typeof found === 'string' ? found : undefined;
const record = process.env['UMLAUF_RECORD'] === '1';
const file = recordedFile(FABRIC_VERSION);

test(record ? 'real Fabric is recorded' : 'real Fabric does what is recorded', async ({ skip }) => {
  skip(missing !== undefined, missing);
  const network = await startFabric();
  const observed = await observe(network).finally(() => network.stop());
  expect(failed(observed)).toEqual([]);
  expect(Object.keys(observed)).toHaveLength(probes.length);
  if (record) await writeObservations(file, observed);
  expect(differences(readObservations(file) ?? {}, observed)).toEqual([]);
});

/** The embedded network against what is recorded of real Fabric (`npm run test:fabric` records). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KNOWN } from '../probes/differences.js';
import { judge } from '../probes/judge.js';
import { startEmbedded } from '../probes/networks/embedded.js';
import type { ProbeNetwork } from '../probes/networks/network.js';
import { normalise } from '../probes/normalise.js';
import {
  failed,
  observe,
  readObservations,
  recordedFile,
  type Observations,
} from '../probes/observations.js';
import { probes } from '../probes/probes.js';
import { FABRIC_VERSION } from '../probes/version.js';

describe('the embedded network', () => {
  let network: ProbeNetwork;
  let observed: Observations;
  const recorded = readObservations(recordedFile(FABRIC_VERSION)) ?? {};

  beforeAll(async () => {
    network = await startEmbedded();
    observed = await observe(network);
  }, 120_000);

  afterAll(() => network.stop());

  test('carries out every probe that is recorded', () => {
    expect(failed(observed)).toEqual([]);
    expect(Object.keys(observed).sort()).toEqual(Object.keys(recorded).sort());
    expect(probes.length).toBeGreaterThanOrEqual(60);
  });

  test('shows a client what real Fabric does, save for the listed differences', () => {
    expect(judge(recorded, observed, KNOWN).unexpected).toEqual([]);
  });

  test('still differs where a difference is listed', () => {
    expect(judge(recorded, observed, KNOWN).outdated).toEqual([]);
  });
});

describe('a comparison', () => {
  const recorded: Observations = { probe: { code: 'VALID', details: ['a', 'b'] }, other: 1 };

  test('finds each field that differs, is missing or is too many', () => {
    const observed = { probe: { code: 'VALID', details: ['a', 'c', 'd'] }, added: true };
    expect(judge(recorded, observed, []).unexpected).toEqual([
      { field: 'probe » details » 1', expected: 'b', observed: 'c' },
      { field: 'probe » details » 2', expected: undefined, observed: 'd' },
      { field: 'other', expected: 1, observed: undefined },
      { field: 'added', expected: undefined, observed: true },
    ]);
  });

  test('leaves out what is listed, a field or all of a probe', () => {
    const observed = { probe: { code: 'INVALID', details: ['a', 'c'] }, other: 1 };
    const byField = [{ field: 'probe » code', reason: 'x' }];
    expect(judge(recorded, observed, byField).unexpected.map(({ field }) => field)).toEqual([
      'probe » details » 1',
    ]);
    expect(judge(recorded, observed, [{ field: 'probe', reason: 'x' }])).toEqual({
      unexpected: [],
      outdated: [],
    });
  });

  test('names a listed difference that is none any more', () => {
    const listed = { field: 'probe » code', reason: 'x' };
    expect(judge(recorded, recorded, [listed]).outdated).toEqual([listed]);
  });
});

test('observations are freed of what differs from run to run', () => {
  expect(
    normalise({
      id: `transaction ${'0a'.repeat(32)} of ${'0b'.repeat(400)}`,
      time: ['at 2026-11-22T05:33:19Z, peer time 2026-11-22 05:33:19.977 +0000 UTC m=+1.5'],
      address: 'peer localhost:43210 of 127.0.0.1:80, not example:80',
      number: 7,
    }),
  ).toEqual({
    id: 'transaction <id> of <hex>',
    time: ['at <time>, peer time <time>'],
    address: 'peer <address> of <address>, not example:80',
    number: 7,
  });
});

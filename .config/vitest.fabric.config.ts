import { defineConfig } from 'vitest/config';
import { common, NOT_OURS } from './vitest.common.js';

/** What needs Fabric's programs: `npx umlauf fabric install`. */
export default defineConfig({
  test: {
    ...common('verbose'), // tells what was skipped, and why
    include: ['test/{fabric,probes,scenarios}/**/*.test.ts'],
    env: { UMLAUF_ENGINE: 'fabric' },
    exclude: NOT_OURS,
    testTimeout: 600_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
  },
});

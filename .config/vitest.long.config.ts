import { defineConfig } from 'vitest/config';
import { common, LONG, NOT_OURS } from './vitest.common.js';

export default defineConfig({
  test: {
    ...common('default'),
    include: LONG,
    exclude: NOT_OURS,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});

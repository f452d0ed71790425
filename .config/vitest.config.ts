import { defineConfig } from 'vitest/config';
import { common, LONG, NOT_OURS } from './vitest.common.js';

export default defineConfig({
  test: {
    ...common('default'),
    include: ['{chaincode,gateway,network}/**/src/**/*.test.ts', 'test/scenarios/**/*.test.ts'],
    exclude: [...NOT_OURS, ...LONG],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
  },
});

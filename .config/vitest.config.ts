import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const report = process.env['UMLAUF_TEST_REPORT'];

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['{chaincode,gateway,network}/**/src/**/*.test.ts', 'test/scenarios/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    ...(report === undefined ? {} : { reporters: ['default', ['json', { outputFile: report }]] }),
  },
});

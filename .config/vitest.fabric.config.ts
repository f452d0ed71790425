import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** What needs Fabric's binaries: `npx umlauf fabric install`. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/{fabric,probes,scenarios}/**/*.test.ts'],
    env: { UMLAUF_ENGINE: 'fabric' },
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 600_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
    // Tells what was skipped, and why.
    reporters: ['verbose'],
  },
});

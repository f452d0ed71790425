import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { common, LONG, NOT_OURS } from './vitest.common.js';

const TIMEOUTS = { testTimeout: 30_000, hookTimeout: 30_000 };

const project = (
  name: string,
  include: string[],
  { isolate, exclude = [] }: { isolate: boolean; exclude?: string[] },
): TestProjectInlineConfiguration => ({
  extends: true,
  test: { name, include, isolate, exclude: [...NOT_OURS, ...exclude], ...TIMEOUTS },
});

/**
 * The files of the parts share a process, which loads their modules once instead of for each file: half of the time.
 * Not the chaincode's with the others': fabric-shim brings a copy of Fabric's protobuf classes of its own, and two
 * copies in one realm overwrite each other's.
 */
export default defineConfig({
  test: {
    ...common('default'),
    maxWorkers: 2,
    projects: [
      project('scenarios', ['test/scenarios/**/*.test.ts'], { isolate: true, exclude: LONG }),
      project('chaincode', ['chaincode/src/**/*.test.ts'], { isolate: false }),
      project('parts', ['{gateway,network}/**/src/**/*.test.ts'], { isolate: false }),
    ],
  },
});

import { fileURLToPath } from 'node:url';
import type { ViteUserConfig } from 'vitest/config';

type InlineConfig = NonNullable<ViteUserConfig['test']>;

/** Scenarios that would make `npm test` take too long: `npm run test:long`. */
export const LONG = [
  'test/scenarios/{access,announcements,attacks-on-periods,certificates,doctor,failover,infrastructure,kills,member-commands,organizations,requests,services,signing,story,up,upgrade,webhooks}.test.ts',
];

export const NOT_OURS = ['**/node_modules/**', '**/dist/**'];

const report = process.env['UMLAUF_TEST_REPORT'];

/** What all suites share; `UMLAUF_TEST_REPORT` names a file for a report in JSON. */
export const common = (reporter: 'default' | 'verbose'): InlineConfig => ({
  root: fileURLToPath(new URL('..', import.meta.url)),
  reporters: [reporter, ...(report === undefined ? [] : [json(report)])],
});

const json = (outputFile: string): ['json', { outputFile: string }] => ['json', { outputFile }];

import { join } from 'node:path';
import { umlauf } from './command.js';
import type { TestConsortium } from './consortium.js';

/** What offline verification says of a consortium's ledger, as it is exported now. */
export interface Verified {
  readonly exit: number | null;
  readonly findings: readonly { readonly check: string; readonly message: string }[];
}

/** Exports a consortium's ledger and verifies it, both with the commands that people use. */
export async function verified({ directory }: Pick<TestConsortium, 'directory'>): Promise<Verified> {
  const file = join(directory, 'exported.blocks');
  const exported = umlauf('ledger', 'export', '--home', directory, '--out', file);
  const code = await exported.exit;
  if (code !== 0) throw new Error(`the ledger can't be exported: ${exported.stderr()}`);
  const verify = umlauf('verify', file, '--json');
  const exit = await verify.exit;
  const { findings } = JSON.parse(verify.stdout()) as Pick<Verified, 'findings'>;
  return { exit, findings };
}

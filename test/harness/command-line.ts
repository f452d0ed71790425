/** A consortium whose members work at the command line, each at its own gateway, with files of their own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TokenRole } from 'umlauf-network';
import { expect } from 'vitest';
import { startConsortium, type TestConsortium } from './consortium.js';
import { inline, type Outcome } from './inline-command.js';

export class CommandLine {
  private readonly files = mkdtempSync(join(tmpdir(), 'umlauf-test-'));

  private constructor(readonly consortium: TestConsortium) {}

  static async start(): Promise<CommandLine> {
    return new CommandLine(await startConsortium());
  }

  async stop(): Promise<void> {
    await this.consortium.stop();
    rmSync(this.files, { recursive: true, force: true });
  }

  /** Options that reach a member's gateway in a role. */
  access(memberId: string, role: TokenRole): string[] {
    const { url, tokens } = this.consortium.gateway(memberId);
    return ['--gateway', url, '--token', tokens[role]];
  }

  /** Whatever comes of it. */
  attempt(memberId: string, role: TokenRole, ...args: string[]): Promise<Outcome> {
    return inline(...args, ...this.access(memberId, role), '--json');
  }

  /** What it answers; a complaint fails the test. */
  async run<T>(memberId: string, role: TokenRole, ...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await this.attempt(memberId, role, ...args);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    return JSON.parse(stdout) as T;
  }

  /** Path of a new file: of a text as it is, of anything else as JSON. */
  file(name: string, content: unknown): string {
    const path = join(this.files, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }
}

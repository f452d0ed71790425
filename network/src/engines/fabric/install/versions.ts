import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const ANSWER_MS = 10_000;

/** How each program is asked for its version; osnadmin has no such command, but tells how it is used. */
const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  configtxgen: ['-version'],
  osnadmin: ['--help'],
};

/**
 * Runs one of Fabric's programs.
 * @returns the version that it tells, as `v3.1.5`; for one that tells none, an empty text; undefined if it doesn't run on this machine, or isn't Fabric's
 */
export async function programVersion(file: string, program: string): Promise<string | undefined> {
  try {
    const question = QUESTIONS[program] ?? ['version'];
    const { stdout, stderr } = await promisify(execFile)(file, [...question], { timeout: ANSWER_MS });
    if (program === 'osnadmin') return /\bosnadmin\b/.test(stdout + stderr) ? '' : undefined;
    return /^\s*Version:\s*(\S+)/m.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

/**
 * The audit log: one line of JSON for every decision to let a request do something or not, written before it is answered.
 *
 * No token, body, path or address is in it. While it can't be written (a full disk), nothing is written to the ledger
 * either; reading goes on, and what was decided meanwhile is counted in the first line that can be written again.
 */
import type { Logger } from 'pino';
import { ProblemError } from '../problem.js';
import { AppendFile } from './append-file.js';
import { auditLine, decisionEntry, type Decision } from './line.js';

/** What decisions are told to. */
export interface Audit {
  /**
   * Notes a decision before it has any effect.
   * @throws {ProblemError} `audit-unavailable`.
   */
  readonly required: (decision: Decision) => Promise<void>;
  /** Notes a decision if that is possible. Never rejects. */
  readonly attempted: (decision: Decision) => Promise<void>;
  /** Whether the last line could be written. */
  readonly works: boolean;
  /**
   * Goes on in the file that stands under its path now.
   * @throws {Error} if it can't be opened; then it goes on in the old one.
   */
  readonly reopen: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Where nothing is to be noted. */
export const NO_AUDIT: Audit = {
  required: () => Promise.resolve(),
  attempted: () => Promise.resolve(),
  works: true,
  reopen: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** Lines appended to a file, or to what stands in for one in tests. */
export class AuditLog implements Audit {
  #lost = 0;
  #works = true;

  constructor(
    private readonly file: Pick<AppendFile, 'append' | 'reopen' | 'close'>,
    private readonly pseudonymKey: string | undefined,
    private readonly logger: Logger,
    private readonly now: () => number = Date.now,
  ) {}

  get works(): boolean {
    return this.#works;
  }

  async required(decision: Decision): Promise<void> {
    if (!(await this.#append(decision))) throw new ProblemError('audit-unavailable');
  }

  async attempted(decision: Decision): Promise<void> {
    await this.#append(decision);
  }

  reopen(): Promise<void> {
    return this.file.reopen();
  }

  close(): Promise<void> {
    return this.file.close();
  }

  async #append(decision: Decision): Promise<boolean> {
    const atMs = this.now();
    const lost = this.#lost;
    this.#lost = 0;
    const gap = lost === 0 ? '' : auditLine({ time: new Date(atMs).toISOString(), lost });
    try {
      await this.file.append(gap + auditLine(decisionEntry(decision, atMs, this.pseudonymKey)));
      this.#works = true;
      return true;
    } catch (error) {
      if (this.#works) this.logger.error({ err: error }, 'the audit log cannot be written');
      this.#works = false;
      this.#lost += lost + 1;
      return false;
    }
  }
}

/**
 * Opens the audit log.
 * @param file Absent: nothing is noted.
 * @throws {AppendFileError} if it can't be used.
 */
export function openAudit(
  { file, pseudonymKey }: { readonly file?: string | undefined; readonly pseudonymKey?: string | undefined },
  logger: Logger,
): Audit {
  return file === undefined ? NO_AUDIT : new AuditLog(AppendFile.open(file), pseudonymKey, logger);
}

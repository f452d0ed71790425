/** A file that is only ever added to. */
import { constants, close, fstatSync, open, openSync, write } from 'node:fs';
import { promisify } from 'node:util';

const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
const MODE = 0o600;
/** Others may not read it, nor may the group write it. */
const TOO_OPEN = 0o027;

const opened = promisify(open);
const closed = promisify(close);
const written = promisify(write);

interface Waiting {
  readonly text: string;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

interface Exchange {
  readonly descriptor: number;
  readonly done: () => void;
}

/** The file can't be used. */
class AppendFileError extends Error {
  override readonly name = 'AppendFileError';
}

function checkMode(descriptor: number, path: string): void {
  const status = fstatSync(descriptor);
  if (status.isFile() && (status.mode & TOO_OPEN) !== 0)
    throw new AppendFileError(
      `${path}: its mode is ${(status.mode & 0o777).toString(8)}; at most 640 is allowed: others could read or change it`,
    );
}

/**
 * What is appended while a write is under way is written together by the next: the time of one write is paid for by all
 * that wait. Written means handed to the operating system: it survives the end of the process, not that of the machine.
 */
export class AppendFile {
  #waiting: Waiting[] = [];
  #exchange: Exchange | undefined;
  #busy: Promise<void> | undefined;
  /** A write ended within a line: what follows begins a new one. */
  #torn = false;

  private constructor(
    private readonly path: string,
    private descriptor: number,
  ) {}

  /**
   * Opens it, making it with mode 0600 if it isn't there.
   * @throws {AppendFileError} if it can't be used.
   */
  static open(path: string): AppendFile {
    try {
      const descriptor = openSync(path, FLAGS, MODE);
      checkMode(descriptor, path);
      return new AppendFile(path, descriptor);
    } catch (error) {
      throw error instanceof AppendFileError
        ? error
        : new AppendFileError(`${path}: ${(error as Error).message}`, { cause: error });
    }
  }

  /**
   * Appends whole lines; resolves when they are written.
   * @throws {Error} of the system, such as that the disk is full; then they may stand there in part.
   */
  append(text: string): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ text, done, failed });
      this.#work();
    });
  }

  /**
   * Goes on in the file that stands under the path now, as after a rotation.
   * @throws {Error} if that can't be opened; then it goes on in the old one.
   */
  async reopen(): Promise<void> {
    const next = await opened(this.path, FLAGS, MODE);
    try {
      checkMode(next, this.path);
    } catch (error) {
      await closed(next);
      throw error;
    }
    while (this.#exchange) await this.#busy;
    await new Promise<void>((done) => {
      this.#exchange = { descriptor: next, done };
      this.#work();
    });
  }

  /** Ends when everything is written. */
  async close(): Promise<void> {
    await this.#busy;
    await closed(this.descriptor);
  }

  #work(): void {
    this.#busy ??= this.#writeAll().finally(() => (this.#busy = undefined));
  }

  async #writeAll(): Promise<void> {
    while (this.#exchange || this.#waiting.length > 0) {
      // Between two writes: never while one is under way on the old one.
      if (this.#exchange) await this.#goOnIn(this.#exchange);
      const batch = this.#waiting.splice(0);
      try {
        await this.#write(batch.map(({ text }) => text).join(''));
        for (const { done } of batch) done();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
  }

  async #goOnIn({ descriptor, done }: Exchange): Promise<void> {
    const before = this.descriptor;
    this.descriptor = descriptor;
    this.#torn = false;
    this.#exchange = undefined;
    await closed(before).catch(() => undefined);
    done();
  }

  async #write(text: string): Promise<void> {
    const bytes = Buffer.from(this.#torn ? `\n${text}` : text);
    let at = 0;
    try {
      while (at < bytes.length)
        at += (await written(this.descriptor, bytes, at, bytes.length - at)).bytesWritten;
      this.#torn = false;
    } catch (error) {
      this.#torn ||= at > 0;
      throw error;
    }
  }
}

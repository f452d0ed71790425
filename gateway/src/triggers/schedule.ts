/** Jobs to be done later, one for each key; nothing of it keeps the process alive or runs after it was stopped. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Entry {
  readonly atMs: number;
  timer: NodeJS.Timeout;
}

/** Timers by key. */
export class Schedule {
  readonly #entries = new Map<string, Entry>();
  readonly #running = new Set<Promise<void>>();
  #stopped = false;

  /** @param failed Told what a job threw. */
  constructor(private readonly failed: (error: unknown) => void) {}

  /** Does the job at an instant, or at the one set before for this key if that is earlier. */
  atEarliest(key: string, atMs: number, job: () => Promise<void>): void {
    const before = this.#entries.get(key);
    if (before && before.atMs <= atMs) return;
    this.at(key, atMs, job);
  }

  /** Does the job at an instant (milliseconds since the epoch), whatever was set before for this key. */
  at(key: string, atMs: number, job: () => Promise<void>): void {
    if (this.#stopped) return;
    this.cancel(key);
    const arm = (): NodeJS.Timeout => {
      const leftMs = Math.max(0, atMs - Date.now());
      // A longer timer would fire at once.
      return setTimeout(leftMs > LONGEST_TIMER_MS ? rearm : due, Math.min(leftMs, LONGEST_TIMER_MS)).unref();
    };
    const rearm = (): void => {
      entry.timer = arm();
    };
    const due = (): void => {
      this.#entries.delete(key);
      const run = job().catch(this.failed);
      this.#running.add(run);
      void run.finally(() => this.#running.delete(run));
    };
    const entry: Entry = { atMs, timer: arm() };
    this.#entries.set(key, entry);
  }

  cancel(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    clearTimeout(entry.timer);
    this.#entries.delete(key);
  }

  /** Drops what is set and waits for what runs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const key of this.#entries.keys()) this.cancel(key);
    await Promise.all(this.#running);
  }
}

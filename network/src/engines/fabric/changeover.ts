/** After a block, a moment passes until the peer's state has what the block says; under load many blocks come in it. */
const MOMENT_MS = 500;

/** Looks, some time after each block, whether what was approved here has been brought into force by members elsewhere. */
export class Changeover {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;
  private reported: string | undefined;

  /**
   * @param isAwaited whether anything was approved that isn't in force; asked at each block
   * @param changeOver changes over to it if it is in force by now
   * @param report told if that fails, of each reason once; the next block is the next try
   */
  constructor(
    private readonly isAwaited: () => boolean,
    private readonly changeOver: () => Promise<void>,
    private readonly report: (text: string) => void,
    private readonly momentMs = MOMENT_MS,
  ) {}

  /** To be told of each block. */
  onBlock(): void {
    if (this.stopped || this.timer || !this.isAwaited()) return;
    this.timer = setTimeout(() => {
      this.looking = this.look();
      void this.looking.finally(() => (this.timer = undefined));
    }, this.momentMs);
  }

  /** Looks no more; resolves when what is under way has come to its end. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    try {
      await this.changeOver();
    } catch (error) {
      const text = `what was approved here may be in force, but is not run yet: ${(error as Error).message}`;
      if (text !== this.reported) this.report(text);
      this.reported = text;
    }
  }
}

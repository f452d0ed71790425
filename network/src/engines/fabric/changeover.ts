/** After a block, a moment passes until the peer's state has what the block says; under load many blocks come in it. */
const MOMENT_MS = 500;
/** Until a look that failed is made again, whether or not a block comes. */
const AGAIN_MS = 10_000;

/** Looks, some time after each block, whether what was approved here has been brought into force by members elsewhere. */
export class Changeover {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  /** Whether a block came while it looked, or a look failed. */
  private isDue = false;
  private runs = false;
  private reported: string | undefined;

  /**
   * @param isAwaited whether anything is to follow what is in force; asked at each block
   * @param changeOver changes over to it if it is in force by now
   * @param report told why that fails, of each reason once; completes "waits for …"
   */
  constructor(
    private readonly isAwaited: () => boolean,
    private readonly changeOver: () => Promise<void>,
    private readonly report: (text: string) => void,
  ) {}

  /** Looks for the first time, and from now on. */
  start(): void {
    this.runs = true;
    this.onBlock();
  }

  /** To be told of each block. */
  onBlock(): void {
    if (!this.runs || !(this.isDue || this.isAwaited())) return;
    if (this.looking) this.isDue = true;
    else this.schedule(MOMENT_MS);
  }

  /** Looks no more; resolves when what is under way has come to its end. */
  async stop(): Promise<void> {
    this.runs = false;
    clearTimeout(this.timer);
    await this.looking;
  }

  private schedule(milliseconds: number): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.looking = this.look();
    }, milliseconds);
  }

  private async look(): Promise<void> {
    this.isDue = false;
    let pauseMs = MOMENT_MS;
    try {
      await this.changeOver();
      this.reported = undefined;
    } catch (error) {
      const text = `the chaincode that was approved here to run, if it is in force: ${(error as Error).message}`;
      if (this.runs && text !== this.reported) this.report(text);
      this.reported = text;
      this.isDue = true;
      pauseMs = AGAIN_MS;
    }
    this.looking = undefined;
    if (this.runs && this.isDue) this.schedule(pauseMs);
  }
}

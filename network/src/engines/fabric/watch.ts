/** What can end without being asked to, and be started again. */
export interface Watched {
  readonly name: string;
  isComplete(): boolean;
  restore(): Promise<void>;
}

const LOOK_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Has parts that have ended started again, as a service manager would. One that keeps ending is tried ever more seldom.
 */
export class Watch {
  private readonly timer: NodeJS.Timeout;
  private readonly busy = new Map<string, Promise<void>>();
  private readonly attempts = new Map<string, { count: number; notBefore: number }>();

  /**
   * @param parts asked at each look
   * @param report told when a part was restored, or couldn't be
   */
  constructor(
    private readonly parts: () => readonly Watched[],
    private readonly report: (text: string) => void,
    lookMs = LOOK_MS,
  ) {
    this.timer = setInterval(() => this.look(), lookMs);
    this.timer.unref();
  }

  /** Ends the watch; resolves when nothing is being restored any more. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.busy.values());
  }

  private look(): void {
    const now = Date.now();
    for (const part of this.parts()) {
      const attempt = this.attempts.get(part.name);
      if (this.busy.has(part.name) || (attempt && attempt.notBefore > now)) continue;
      if (part.isComplete()) {
        if (attempt && attempt.notBefore + LONGEST_PAUSE_MS < now) this.attempts.delete(part.name);
        continue;
      }
      const count = (attempt?.count ?? 0) + 1;
      this.attempts.set(part.name, {
        count,
        notBefore: now + Math.min(LOOK_MS * 2 ** (count - 1), LONGEST_PAUSE_MS),
      });
      this.busy.set(part.name, this.restore(part));
    }
  }

  private async restore(part: Watched): Promise<void> {
    try {
      await part.restore();
      this.report(`${part.name} had ended and was started again`);
    } catch (error) {
      this.report(`${part.name} has ended and does not start again: ${(error as Error).message}`);
    } finally {
      this.busy.delete(part.name);
    }
  }
}

/** Carries out one thing after the other, in the order in which they are asked for. */
export class Sequence {
  private last: Promise<unknown> = Promise.resolve();

  /** Answers what it comes to; that one fails keeps none of the others from being done. */
  run<T>(action: () => Promise<T>): Promise<T> {
    const done = this.last.then(action);
    this.last = done.catch(() => undefined);
    return done;
  }

  /** Resolves when nothing is left that was asked for until now. */
  async settled(): Promise<void> {
    await this.last;
  }
}

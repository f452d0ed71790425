/** What was opened, to be closed in the opposite order. */

type Close = () => unknown;

export class Opened {
  readonly #closes: Close[] = [];

  /**
   * Keeps something that has to be closed.
   * @returns It.
   */
  add<T>(opened: T, close: (opened: T) => unknown): T {
    this.#closes.push(() => close(opened));
    return opened;
  }

  /**
   * Closes everything, what was opened last first; nothing that fails keeps the rest open.
   * @throws what failed first.
   */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let close = this.#closes.pop(); close; close = this.#closes.pop()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

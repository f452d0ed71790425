/** Waits for a condition: asks again until it holds, and says what it waited for when time runs out. */
export async function until<T>(
  what: string,
  condition: () => T | undefined | Promise<T | undefined>,
  { timeoutMilliseconds = 20_000, pauseMilliseconds = 20 } = {},
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMilliseconds;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== null && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMilliseconds} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
  }
}

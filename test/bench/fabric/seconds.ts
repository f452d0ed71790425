/** What something returns and how long it takes. */
export async function seconds<T>(
  what: () => Promise<T>,
): Promise<{ readonly result: T; readonly seconds: number }> {
  const begin = performance.now();
  const result = await what();
  return { result, seconds: (performance.now() - begin) / 1000 };
}

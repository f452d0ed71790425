/** A repeated signal within this time is the same one: npm passes on what the terminal has sent to all. */
const SAME_SIGNAL_MILLISECONDS = 1000;

/** Ctrl-C and SIGTERM ask for a clean shutdown; another one a while later doesn't wait for it. */
export function interruption(): { readonly requested: Promise<void>; release(): void } {
  let request: () => void = () => undefined;
  let askedAt: number | undefined;
  const requested = new Promise<void>((resolve) => (request = resolve));
  const handler = () => {
    if (askedAt !== undefined && Date.now() - askedAt > SAME_SIGNAL_MILLISECONDS) process.exit(130);
    askedAt ??= Date.now();
    request();
  };
  process.on('SIGINT', handler);
  process.on('SIGTERM', handler);
  return {
    requested,
    release() {
      process.off('SIGINT', handler);
      process.off('SIGTERM', handler);
    },
  };
}

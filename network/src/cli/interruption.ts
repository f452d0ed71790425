/** Ctrl-C and SIGTERM ask for a clean shutdown; a second one doesn't wait for it. */
export function interruption(): { readonly requested: Promise<void>; release(): void } {
  let request: () => void = () => undefined;
  let asked = false;
  const requested = new Promise<void>((resolve) => (request = resolve));
  const handler = () => {
    if (asked) process.exit(130);
    asked = true;
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

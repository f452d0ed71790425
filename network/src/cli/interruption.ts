import { UserError } from '../user-error.js';

/** A repeated signal within this time is the same one: npm passes on what the terminal has sent to all. */
const SAME_SIGNAL_MILLISECONDS = 1000;

export interface Interruption {
  readonly requested: Promise<void>;
  /** The same, for what can be called off. */
  readonly signal: AbortSignal;
  release(): void;
}

/**
 * Ctrl-C and SIGTERM ask for a clean shutdown; another one a while later doesn't wait for it.
 * @param atOnce what must still be done then; it can't wait for anything
 */
export function interruption(atOnce: () => void = () => undefined): Interruption {
  const controller = new AbortController();
  let request: () => void = () => undefined;
  let askedAt: number | undefined;
  const requested = new Promise<void>((resolve) => (request = resolve));
  const handler = () => {
    if (askedAt !== undefined && Date.now() - askedAt > SAME_SIGNAL_MILLISECONDS) {
      atOnce();
      process.exit(130);
    }
    askedAt ??= Date.now();
    request();
    controller.abort(new UserError('interrupted before it was up; what had been started is stopped'));
  };
  process.on('SIGINT', handler);
  process.on('SIGTERM', handler);
  return {
    requested,
    signal: controller.signal,
    release() {
      process.off('SIGINT', handler);
      process.off('SIGTERM', handler);
    },
  };
}

/** What the doctor has to say about one thing. */
export interface Finding {
  /** What was looked at, in one or two words. */
  readonly check: string;
  /** `unknown`: it could not be looked at, and that something else is wrong says why. */
  readonly state: 'ok' | 'wrong' | 'unknown';
  readonly text: string;
  /** What to do, where something is wrong. */
  readonly remedy?: string;
}

export const ok = (check: string, text: string): Finding => ({ check, state: 'ok', text });
export const unknown = (check: string, text: string): Finding => ({ check, state: 'unknown', text });
export const wrong = (check: string, text: string, remedy: string): Finding => ({
  check,
  state: 'wrong',
  text,
  remedy,
});

/** What is wrong, or else that all is well. */
export function wrongOr(findings: readonly Finding[], well: Finding): Finding[] {
  return findings.length > 0 ? [...findings] : [well];
}

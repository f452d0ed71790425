/** The header `Prefer` (RFC 7240): how a caller would like to be answered. */

/** The preferences that this gateway knows. */
export interface Preferences {
  /** `respond-async`: 202 rather than a long wait. */
  readonly respondAsync: boolean;
  /** `wait`: how long the caller will wait before, in milliseconds. */
  readonly waitMs?: number;
}

const PREFERENCE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s;"]*)))?(?:\s*;.*)?$/;
const LONGEST_WAIT_SECONDS = 60;

/** Reads the header; what isn't understood is passed over, as RFC 7240 (2) asks, and of two the first counts. */
export function preferences(header: string | undefined): Preferences {
  const found = new Map<string, string>();
  for (const part of header?.split(',') ?? []) {
    const [, name, quoted, bare] = PREFERENCE.exec(part.trim()) ?? [];
    const key = name?.toLowerCase();
    if (key !== undefined && !found.has(key)) found.set(key, quoted ?? bare ?? '');
  }
  const wait = found.get('wait');
  return {
    respondAsync: found.get('respond-async') === '',
    ...(wait !== undefined && /^\d{1,6}$/.test(wait)
      ? { waitMs: Math.min(Number(wait), LONGEST_WAIT_SECONDS) * 1_000 }
      : {}),
  };
}

/** `Preference-Applied` for an answer that was accepted rather than waited for. */
export function applied({ waitMs }: Preferences): string {
  return waitMs === undefined ? 'respond-async' : `respond-async, wait=${waitMs / 1_000}`;
}

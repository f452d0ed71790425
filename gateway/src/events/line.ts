/** What a stream goes out by: an answer of Node's, or the bare connection that is left of one. */
export interface Line {
  /** Nothing gets out any more. */
  readonly destroyed: boolean;
  /** @returns false once more waits than should: then `drain` tells when it has gone out. */
  write(part: Uint8Array | string): boolean;
  /** Completes what was answered. */
  end(): void;
  /** Cuts it off. */
  destroy(): void;
  on(event: 'drain' | 'close', listener: () => void): unknown;
}

import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../../../user-error.js';

/** The official archive has about 100 MB. */
const MOST_BYTES = 1024 ** 3;
/** Without a single byte. */
const SILENCE_MS = 30_000;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

export interface DownloadOptions {
  /** The checksum of what comes is known: then it may come unencrypted. */
  readonly checked: boolean;
  /** Told of the bytes received so far, and of how many there will be if that is known. */
  readonly progress?: (bytes: number, total: number | undefined) => void;
  readonly mostBytes?: number;
  readonly silenceMs?: number;
}

/**
 * Fetches a file.
 * @throws UserError if it can't be had, ends early, is larger than a release is, or would come unencrypted and unchecked
 */
export async function download(url: string, file: string, options: DownloadOptions): Promise<void> {
  const { mostBytes = MOST_BYTES, silenceMs = SILENCE_MS } = options;
  const abort = new AbortController();
  const silence = setTimeout(() => abort.abort(), silenceMs);
  try {
    checkProtocol(url, options.checked);
    const response = await fetch(url, { signal: abort.signal });
    checkProtocol(response.url, options.checked);
    if (!response.ok || !response.body) throw new Error(`the server answers ${response.status}`);
    const announced = response.headers.get('content-length');
    const total = announced === null ? undefined : Number(announced);
    let bytes = 0;
    const meter = new Transform({
      transform(chunk: Buffer, _, done) {
        silence.refresh();
        bytes += chunk.length;
        options.progress?.(bytes, total);
        done(bytes > mostBytes ? new Error(`larger than ${mostBytes} bytes`) : null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(response.body), meter, createWriteStream(file, { mode: 0o600 }), {
      signal: abort.signal,
    });
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { cause = error } = error as Error; // what fetch throws says only that it failed
    const reason = abort.signal.aborted ? `silent for ${silenceMs / 1000} s` : (cause as Error).message;
    throw new UserError(`${url}: cannot be fetched: ${reason}`, { cause: error });
  } finally {
    clearTimeout(silence);
  }
}

function checkProtocol(url: string, checked: boolean): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || (protocol === 'http:' && (checked || LOOPBACK.has(hostname)))) return;
  throw new UserError(`${url}: comes unencrypted; give its checksum with --sha256, or an https address`);
}

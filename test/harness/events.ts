/** A reader of a gateway's events, as any client of server-sent events is one. */
import type { GatewayAccess } from 'umlauf-network';
import { until } from './until.js';

/** An event as a gateway tells it, as far as tests look at it. */
export interface ToldEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly blocknumber: string;
  readonly position: string;
  readonly data: unknown;
}

export class EventSource {
  readonly events: ToldEvent[] = [];
  /** Of the last event; or a mark, where there was none. */
  lastId: string | undefined;
  ended = false;
  readonly #abort = new AbortController();

  private constructor() {}

  /**
   * Opens a stream.
   * @param query With its question mark.
   */
  static async open(gateway: GatewayAccess, query = '', lastId?: string): Promise<EventSource> {
    const source = new EventSource();
    const response = await fetch(`${gateway.url}/api/v1/events${query}`, {
      headers: {
        authorization: `Bearer ${gateway.tokens.auditor}`,
        ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
      },
      signal: source.#abort.signal,
    });
    if (!response.ok || !response.body) throw new Error(`${response.status}: ${await response.text()}`);
    void source.#read(response.body);
    return source;
  }

  /** Waits for an event; what came before counts as well. */
  async has(what: string, wanted: (event: ToldEvent) => boolean): Promise<ToldEvent> {
    return until(what, () => this.events.find(wanted));
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    try {
      for await (const part of body) {
        const blocks = (rest + decoder.decode(part, { stream: true })).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) this.#take(block.split('\n'));
      }
    } catch {
      // Closed here, or cut off there.
    }
    this.ended = true;
  }

  #take(lines: readonly string[]): void {
    for (const line of lines) {
      if (line.startsWith('id: ')) this.lastId = line.slice(4);
      if (line.startsWith('data: ')) this.events.push(JSON.parse(line.slice(6)) as ToldEvent);
    }
  }
}

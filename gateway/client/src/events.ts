/** The ledger's events from a gateway's stream (server-sent events), for as long as they are wanted. */
import { Pauses, pause } from './pauses.js';
import type { Answering } from './rest.js';
import { requestOf } from './request.js';
import type { EventsInput, LedgerEvent } from './shapes.js';

/** How events are read. */
export interface EventOptions {
  /** `position` of the last event that was received, at whichever member's gateway. */
  readonly after?: string;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

/** The value of a line's field; `undefined` if it is another field, or a comment. */
const fieldOf = (line: string, name: string): string | undefined =>
  line.startsWith(`${name}:`) ? line.slice(name.length + 1).replace(/^ /, '') : undefined;

/** The events of one stream, until it ends. */
async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<LedgerEvent> {
  const reader = body.getReader();
  const utf8 = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const frames = (rest + utf8.decode(value, { stream: true })).split('\n\n');
      rest = frames.pop() ?? '';
      for (const frame of frames) {
        const data = frame.split('\n').flatMap((line) => fieldOf(line, 'data') ?? []);
        if (data.length > 0) yield JSON.parse(data.join('\n')) as LedgerEvent;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Whether a stream broke, rather than was refused. */
const isBroken = (error: unknown): boolean => error instanceof TypeError || error instanceof DOMException;

/**
 * Reads events, each once and in the order of the ledger, and goes on after the last one when the stream ends: a moment
 * later, a longer one each time that it brought none. Only before the first one, with neither a block nor an event to begin
 * at, there is nothing to go on after: then it ends, too.
 * @throws {Problem} what the gateway answered when it was asked again for longer than the client's patience.
 */
export async function* readEvents(
  open: Answering,
  input: EventsInput,
  { after, signal }: EventOptions = {},
): AsyncGenerator<LedgerEvent> {
  const request = requestOf('events-read', { ...input });
  const isEnded = () => signal?.aborted === true;
  const pauses = new Pauses();
  let last = after;
  while (!isEnded()) {
    try {
      const headers = last === undefined ? {} : { 'last-event-id': last };
      const { body } = await open(request, { accept: 'text/event-stream', ...headers }, signal);
      if (!body) return;
      for await (const event of eventsIn(body)) {
        last = event.position;
        pauses.reset();
        yield event;
      }
    } catch (error) {
      if (isEnded()) return;
      if (!isBroken(error)) throw error;
    }
    if (last === undefined && input.from === undefined) return;
    await pause(pauses.next(), signal);
  }
}

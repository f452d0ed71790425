/** Telling how an answer ended: also one whose connection was taken from it. */
import type { Socket } from 'node:net';
import type { Response } from 'express';
import { idsOf } from './decisions.js';

/** How an answer ended. */
export interface Ending {
  readonly status: number;
  /** Whether it was sent to its end. */
  readonly complete: boolean;
  readonly ids: ReturnType<typeof idsOf>;
}

type Tell = (ending: Ending) => void;

const told = new WeakMap<Response, Tell>();

/** Tells once an answer has ended. */
export function whenEnded(response: Response, tell: Tell): void {
  told.set(response, tell);
  response.once('close', () =>
    tell({ status: response.statusCode, complete: response.writableFinished, ids: idsOf(response) }),
  );
}

/** Has an answer end with the connection that was taken from it, without being kept for that. */
export function endsWith(response: Response, socket: Socket): void {
  const tell = told.get(response);
  if (!tell) return;
  const [status, ids] = [response.statusCode, idsOf(response)];
  socket.once('close', () => tell({ status, complete: socket.writableFinished, ids }));
}

/** Reading a request's body: JSON in UTF-8 and nothing else. */
import express, { type Request, type RequestHandler } from 'express';
import { ProblemError } from '../problem.js';
import { invalidInput } from './input.js';

/** Reads the bytes of any body, so that a wrong media type can be told from a missing body. */
export function bodyReader(limitBytes: number): RequestHandler {
  // Not inflated: a compressed body could be a thousand times its size.
  return express.raw({ type: () => true, limit: limitBytes, inflate: false });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The JSON value of a request's body; `undefined` if there is none.
 * @throws {ProblemError} `unsupported-media-type`, `invalid-input`.
 */
export function jsonBody(request: Request): unknown {
  const bytes: unknown = request.body;
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return undefined;
  if (!request.is('application/json') || !/^(?:utf-8|)$/i.test(charsetOf(request)))
    throw new ProblemError('unsupported-media-type');
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (error) {
    throw invalidInput('', 'must be JSON in UTF-8', { cause: error });
  }
}

function charsetOf(request: Request): string {
  const header = request.headers['content-type'] ?? '';
  return /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(header)?.[1] ?? '';
}

/** Answering problems (RFC 9457): one function turns whatever was thrown into one answer. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { PROBLEMS, problemType } from 'umlauf-chaincode/api';
import { z } from 'zod';
import type { Audit } from '../audit/audit.js';
import { challenge } from '../auth/tokens.js';
import { ProblemError } from '../problem.js';
import { idsOf, noteDenial } from './decisions.js';
import { invalidInput } from './input.js';
import type { AnyServer } from './server.js';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** A problem as it is answered. */
export const ProblemView = z
  .object({
    type: z.string().meta({ description: 'urn:umlauf:problem:<code>' }),
    title: z.string(),
    status: z.int(),
    transactionId: z.string().optional().meta({ description: 'The transaction that it is about' }),
    requestId: z.string().optional().meta({ description: 'As in the header Request-Id and in the logs' }),
    traceId: z
      .string()
      .optional()
      .meta({ description: 'The trace that the request is part of, where traces are kept' }),
    data: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'As the title of each code tells' }),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457)' });

const LINGER_MS = 1_000;

interface HttpError {
  readonly status?: unknown;
  readonly type?: unknown;
  readonly limit?: unknown;
}

/** The problem that anything thrown while answering is answered as. */
function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const { status, type, limit } = (typeof error === 'object' && error !== null ? error : {}) as HttpError;
  // What Express's own parts throw: the body reader and the decoding of the path.
  if (type === 'entity.too.large') return new ProblemError('payload-too-large', { limit });
  if (type === 'encoding.unsupported') return new ProblemError('unsupported-media-type');
  if (status === 400 || error instanceof URIError)
    return invalidInput('', 'must be a well-formed request', { cause: error });
  return new ProblemError('internal', {}, { cause: error });
}

/** The members of a problem's JSON. */
export function problemBody({ code, data }: Pick<ProblemError, 'code' | 'data'>): Record<string, unknown> {
  const { status, title } = PROBLEMS[code];
  const { transactionId } = data;
  return {
    type: problemType(code),
    title,
    status,
    ...(transactionId === undefined ? {} : { transactionId }),
    ...(Object.keys(data).length > 0 ? { data } : {}),
  };
}

/**
 * Has a server answer with a problem what never becomes a request: no HTTP, headers that are too large or too late. Whoever
 * hasn't agreed on TLS can't be answered.
 */
export function answerClientErrors(server: AnyServer): void {
  const agreed = new WeakSet<Duplex>();
  server.on('secureConnection', (socket: TLSSocket) => agreed.add(socket));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable || (socket instanceof TLSSocket && !agreed.has(socket))) {
      socket.destroy();
      return;
    }
    const problem =
      error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? new ProblemError('request-timeout')
        : invalidInput('', 'must be a well-formed request with headers of at most 16 kB', { cause: error });
    const body = JSON.stringify(problemBody(problem));
    const { status } = PROBLEMS[problem.code];
    // Its end of the connection is the client's to close, but not whenever it likes.
    socket.setTimeout(LINGER_MS, () => socket.destroy());
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Type: ${PROBLEM_MEDIA_TYPE}\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
}

/** Answers a problem. */
function sendProblem(response: Response, problem: ProblemError): void {
  const { code, data } = problem;
  if (code === 'unauthenticated') response.set('WWW-Authenticate', challenge(String(data['reason'])));
  if (code === 'method-not-allowed') response.set('Allow', (data['allow'] as string[]).join(', '));
  if (typeof data['retryAfter'] === 'number') response.set('Retry-After', String(data['retryAfter']));
  if (typeof data['transactionId'] === 'string') response.set('Transaction-Id', data['transactionId']);
  response
    .status(PROBLEMS[code].status)
    .type(PROBLEM_MEDIA_TYPE)
    .send(Buffer.from(JSON.stringify({ ...problemBody(problem), ...idsOf(response) })));
}

/** Express's last handler. */
export function problemHandler(logger: Logger, audit: Pick<Audit, 'attempted'>): ErrorRequestHandler {
  return async (error: unknown, request, response, next) => {
    const problem = problemOf(error);
    if (problem.code === 'internal')
      logger.error({ ...idsOf(response), err: problem.cause ?? error }, 'a request failed');
    await noteDenial(audit, request, response, problem);
    if (response.headersSent) {
      next(error);
      return;
    }
    sendProblem(response, problem);
  };
}

/** For what no route answers. */
export const noRoute: RequestHandler = () => {
  throw new ProblemError('route-not-found');
};

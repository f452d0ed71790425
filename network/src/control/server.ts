/** Answers commands that want something done inside this process. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { prettifyError } from 'zod';
import { writeAtomically } from '../home/files.js';
import type { Home } from '../home/home.js';
import { UserError } from '../user-error.js';
import type { OperationTable, Progress } from './operation.js';
import { CONTROL_FILE, UNDER_WAY, type Message } from './protocol.js';

const LOOPBACK = '127.0.0.1';
/** The largest argument is a signed update of the channel's configuration. */
const MOST_BYTES = 16 * 1024 * 1024;

export interface ControlServer {
  /** Takes no more questions, lets what is under way come to its end, and stops. */
  stop(): Promise<void>;
}

/**
 * Answers from now on, at a free port on loopback that a file in the home tells, together with the token. Whoever can
 * read the file may ask: its mode is 0600.
 */
export async function startControl<Subject>(
  home: Pick<Home, 'path'>,
  subject: Subject,
  operations: OperationTable<Subject>,
): Promise<ControlServer> {
  const token = randomBytes(32).toString('hex');
  const underWay = new Map<Promise<void>, string>();
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1);
    const others = () => [...underWay.values()].filter((each) => each !== UNDER_WAY);
    const answered = answer(request, response, token, (body, told) =>
      name === UNDER_WAY ? others() : run(name, body, subject, operations, told),
    ).catch(() => {
      response.destroy();
    });
    underWay.set(answered, name);
    void answered.finally(() => underWay.delete(answered));
  });
  const port = await listen(server);
  const file = home.path(CONTROL_FILE);
  writeAtomically(file, JSON.stringify({ port, token }));
  return {
    async stop() {
      rmSync(file, { force: true });
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all(underWay.keys());
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, LOOPBACK, () => resolve((server.address() as AddressInfo).port));
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  carryOut: (body: string, told: Progress) => unknown,
): Promise<void> {
  if (!authorized(request, token)) {
    response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
    return;
  }
  // Whoever asked may have gone; the operation goes on to its end, and the rest is said to nobody.
  const say = (message: Message) => void response.write(`${JSON.stringify(message)}\n`);
  response.on('error', () => undefined);
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  try {
    const body = await read(request);
    say({ result: (await carryOut(body, progress(say))) ?? null });
  } catch (error) {
    say({ error: { message: describe(error), user: error instanceof UserError } });
  }
  response.end();
}

function progress(say: (message: Message) => void): Progress {
  return {
    step: (text) => say({ step: text }),
    waits: (text) => say({ waits: text }),
    alarm: (text) => say({ alarm: text }),
  };
}

async function run<Subject>(
  name: string,
  body: string,
  subject: Subject,
  operations: OperationTable<Subject>,
  told: Progress,
): Promise<unknown> {
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (!operation)
    throw new UserError(
      `the running consortium knows no operation ${name}: it was started by another version of Umlauf; restart it`,
    );
  const parsed = operation.arguments.safeParse(JSON.parse(body));
  if (!parsed.success) throw new UserError(`${name}: ${prettifyError(parsed.error)}`);
  return operation.run(subject, parsed.data, told);
}

function authorized(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return request.method === 'POST' && given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MOST_BYTES) throw new UserError(`the arguments have more than ${MOST_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

/** With what several members or nodes said, where an error gathers that. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const reasons = error instanceof AggregateError ? error.errors.map(describe) : [];
  return [error.message, ...new Set(reasons)].join('; ');
}

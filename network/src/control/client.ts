/** Asks the process that runs a consortium to do something. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { readJson } from '../home/files.js';
import { holderOfHome, notRunning } from '../home/running.js';
import { UserError } from '../user-error.js';
import { UNTOLD, type ArgumentsOf, type Operation, type Progress, type ResultOf } from './operation.js';
import { CONTROL_FILE, ControlFile, Message, UNDER_WAY } from './protocol.js';

/** The process that was asked has ended, or said something that makes no sense. */
class ControlError extends Error {
  override readonly name = 'ControlError';
}

/**
 * Has an operation carried out inside the process that runs a home.
 * @typeParam Table the operations that it knows
 * @param directory the home
 * @throws UserError if nothing runs there, or the operation refuses what was asked
 * @throws ControlError if it failed otherwise
 */
export async function control<Table, Name extends keyof Table & string>(
  directory: string,
  name: Name,
  args: ArgumentsOf<Table, Name>,
  progress: Progress,
): Promise<ResultOf<Table, Name>> {
  const { port, token } = findControl(directory);
  const response = await post(directory, port, name, token, JSON.stringify(args));
  for await (const line of linesOf(response)) {
    const message = Message.safeParse(parseJson(line)).data;
    if (!message) throw new ControlError(`the process of ${directory} answered what is no answer`);
    if ('step' in message) progress.step(message.step);
    else if ('waits' in message) progress.waits(message.waits);
    else if ('alarm' in message) progress.alarm(message.alarm);
    else if ('error' in message) {
      const { message: text, user } = message.error;
      throw user ? new UserError(text) : new ControlError(text);
    } else return message.result as ResultOf<Table, Name>;
  }
  throw new ControlError(
    `the process of ${directory} ended before it was done: bring it up again (umlauf up) and run the command again`,
  );
}

/** The operations under way inside the process that runs a home; none where nobody answers. */
export async function operationsUnderWay(directory: string): Promise<string[]> {
  const asked = control<UnderWay, typeof UNDER_WAY>(directory, UNDER_WAY, {}, UNTOLD);
  return z
    .array(z.string())
    .catch([])
    .parse(await asked.catch(() => []));
}
type UnderWay = Record<typeof UNDER_WAY, Operation<unknown, object, unknown>>;

/**
 * Where to ask.
 * @throws UserError if nothing runs there that answers
 */
function findControl(directory: string): { port: number; token: string } {
  const holder = holderOfHome(directory);
  if (!holder) throw notRunning(directory);
  const found = ControlFile.safeParse(readJson(join(directory, CONTROL_FILE))).data;
  if (!found)
    throw new UserError(
      `the consortium in ${directory} (process ${holder.pid}) is still coming up, or going down; try again when it is up`,
    );
  return found;
}

function post(
  directory: string,
  port: number,
  name: string,
  token: string,
  body: string,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      path: `/${name}`,
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
    request.on('error', (cause) =>
      reject(new ControlError(`the process of ${directory} does not answer: ${cause.message}`, { cause })),
    );
    request.once('response', (response) => {
      if (response.statusCode === 200) resolve(response);
      else reject(new ControlError(`the process of ${directory} answered ${response.statusCode ?? 0}`));
    });
    request.end(body);
  });
}

/** Ends where the answer ends, cut off or not. */
async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: response, crlfDelay: Infinity });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

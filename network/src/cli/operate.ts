import { control } from '../control/client.js';
import type { ArgumentsOf, ResultOf } from '../control/operation.js';
import type { Operations } from '../operations/operations.js';

export interface OperateOptions {
  readonly home: string;
  readonly json?: boolean;
}

/**
 * Has an operation carried out inside the running consortium, a line for each step (with `--json` none).
 * @throws UserError if nothing runs in the home, or the operation refuses
 */
export function operate<Name extends keyof Operations>(
  { home, json }: OperateOptions,
  name: Name,
  args: ArgumentsOf<Operations, Name>,
): Promise<ResultOf<Operations, Name>> {
  const say = (mark: string) => (text: string) => {
    if (json !== true) process.stdout.write(`${mark} ${text}\n`);
  };
  return control<Operations, Name>(home, name, args, { step: say('✓'), alarm: say('! ALARM:') });
}

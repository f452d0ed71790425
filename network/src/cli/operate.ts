import { control } from '../control/client.js';
import type { ArgumentsOf, ResultOf } from '../control/operation.js';
import { holderOfHome } from '../home/running.js';
import type { Operations } from '../operations/operations.js';

export interface OperateOptions {
  readonly home: string;
  readonly json?: boolean;
}

/**
 * Has an operation carried out inside the running consortium, a line for each step (with `--json` none).
 * @throws UserError if nothing runs in the home, or the operation refuses
 */
export async function operate<Name extends keyof Operations>(
  { home, json }: OperateOptions,
  name: Name,
  args: ArgumentsOf<Operations, Name>,
): Promise<ResultOf<Operations, Name>> {
  const say = (mark: string) => (text: string) => {
    if (json !== true) process.stdout.write(`${mark} ${text}\n`);
  };
  // The operation isn't this process's to stop: half done, it would have to be finished anyway.
  const leave = () => {
    process.stderr.write(
      `umlauf: it goes on inside process ${holderOfHome(home)?.pid ?? 0}; run again, the command tells how it ends\n`,
    );
    process.exit(130);
  };
  process.once('SIGINT', leave);
  try {
    const progress = { step: say('✓'), waits: say('… waits for'), alarm: say('! ALARM:') };
    return await control<Operations, Name>(home, name, args, progress);
  } finally {
    process.off('SIGINT', leave);
  }
}

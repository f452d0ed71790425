/** The command line inside this process: what a user would type, without the time that another process takes. */
import { main } from '../../network/dist/cli/main.js';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command; two at a time would mix what they print. */
export async function inline(...args: string[]): Promise<Outcome> {
  const { stdout, stderr } = process;
  const [out, err] = [collect(stdout), collect(stderr)];
  try {
    await main(['node', 'umlauf', ...args]);
  } finally {
    out.release();
    err.release();
  }
  const code = Number(process.exitCode ?? 0);
  process.exitCode = undefined;
  return { code, stdout: out.text(), stderr: err.text() };
}

function collect(stream: NodeJS.WriteStream): { text(): string; release(): void } {
  const write = stream.write.bind(stream);
  let text = '';
  stream.write = (chunk: string | Uint8Array) => {
    text += Buffer.from(chunk as string).toString();
    return true;
  };
  return {
    text: () => text,
    release: () => {
      stream.write = write;
    },
  };
}

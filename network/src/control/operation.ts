/** What a running consortium can be asked to do by commands in other processes. */
import type { z } from 'zod';

/** Tells whoever asked how far it is. */
export interface Progress {
  /** Something has been done. */
  readonly step: (text: string) => void;
  /** Members on other machines have something to do before it goes on; completes "waits for …". */
  readonly waits: (text: string) => void;
  /** Something needs a person. */
  readonly alarm: (text: string) => void;
}

/** Tells nobody. */
export const UNTOLD: Progress = { step: () => undefined, waits: () => undefined, alarm: () => undefined };

/** One thing that can be asked for. Run again, it finishes what was interrupted. */
export interface Operation<Subject, Arguments, Result> {
  /** Checked before anything is done. */
  readonly arguments: z.ZodType<Arguments>;
  /**
   * @param subject what it works on: the running consortium
   * @returns what can be written as JSON
   * @throws UserError for what whoever asked can put right; its message is passed on as it is
   */
  run(subject: Subject, args: Arguments, progress: Progress): Promise<Result>;
}

/** Operations by name. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each has arguments and a result of its own
export type OperationTable<Subject> = Readonly<Record<string, Operation<Subject, any, unknown>>>;

/** What is passed for one operation of a table. */
export type ArgumentsOf<T, N extends keyof T> = T[N] extends { readonly arguments: z.ZodType<infer A> }
  ? A
  : never;

/** What comes back from it. */
export type ResultOf<T, N extends keyof T> = T[N] extends { run(...args: never[]): Promise<infer R> }
  ? R
  : never;

/** Lets each operation of a table keep the types of its own arguments and result. */
export function defineOperation<Subject, Arguments, Result>(
  operation: Operation<Subject, Arguments, Result>,
): Operation<Subject, Arguments, Result> {
  return operation;
}

/**
 * How commands talk to the process that runs a consortium: `POST /<operation>` on loopback with the token from the
 * file, arguments as JSON; the answer is one JSON object a line, the last of which is a result or an error.
 */
import { z } from 'zod';

/** The file in the home that tells where to ask; readable by its owner alone, there as long as somebody answers. */
export const CONTROL_FILE = 'control.json';

export const ControlFile = z.object({ port: z.int(), token: z.string().min(1) });

/** Asks which other operations are under way: a list of their names. */
export const UNDER_WAY = 'under-way';

/** One line of an answer. */
export const Message = z.union([
  z.strictObject({ step: z.string() }),
  z.strictObject({ waits: z.string() }),
  z.strictObject({ alarm: z.string() }),
  z.strictObject({ result: z.unknown() }),
  z.strictObject({
    error: z.object({
      message: z.string(),
      /** Whether whoever asked can put it right. */
      user: z.boolean(),
    }),
  }),
]);
export type Message = z.infer<typeof Message>;

/** Reads a YAML file against a schema; what is wrong is told with file, line and what is allowed. */
import { readFileSync } from 'node:fs';
import { readSource } from 'umlauf-gateway/source';
import type { z } from 'zod';
import { UserError } from '../user-error.js';

/**
 * @param file path of the file, as the user gave it: error messages repeat it
 * @throws UserError naming every problem, a line each: `file:line: where: what is allowed`
 */
export function readYamlFile<S extends z.ZodType>(file: string, schema: S): z.output<S> {
  let source: string;
  try {
    source = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`${file}: cannot be read: ${(error as Error).message}`);
  }
  const { value, errors, lineOf } = readSource(source);
  if (errors.length > 0)
    throw new UserError(errors.map(({ line, message }) => `${file}:${line}: ${message}`).join('\n'));
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new UserError(
    result.error.issues
      .map(({ path, message }) => {
        const where = path.length > 0 ? ` ${path.join('.')}:` : '';
        return `${file}:${lineOf(path)}:${where} ${message}`;
      })
      .join('\n'),
  );
}

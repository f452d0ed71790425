/** Reads a YAML file against a schema; what is wrong is told with file, line and what is allowed. */
import { readFileSync } from 'node:fs';
import { LineCounter, isNode, parseDocument, type Document } from 'yaml';
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
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0)
    throw new UserError(
      document.errors
        .map((error) => `${file}:${lines.linePos(error.pos[0]).line}: ${error.message}`)
        .join('\n'),
    );
  const result = schema.safeParse(document.toJS());
  if (result.success) return result.data;
  throw new UserError(
    result.error.issues
      .map(({ path, message }) => {
        const offset = offsetOf(document, path);
        const where = path.length > 0 ? ` ${path.join('.')}:` : '';
        return `${file}:${lines.linePos(offset).line}:${where} ${message}`;
      })
      .join('\n'),
  );
}

/** Where the innermost part of `path` that exists begins. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

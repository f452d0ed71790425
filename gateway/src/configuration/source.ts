/** A configuration file, YAML or JSON, that knows the line of each of its parts. */
import { LineCounter, isNode, parseDocument } from 'yaml';

/** What a text says. */
export interface Source {
  readonly value: unknown;
  /** Line of the innermost part of a path that is there, from 1. */
  readonly lineOf: (path: readonly PropertyKey[]) => number;
  /** Where it isn't well-formed. */
  readonly errors: readonly { readonly line: number; readonly message: string }[];
}

/** Reads a text. JSON is YAML. */
export function readSource(text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const line = (offset: number): number => lines.linePos(offset).line;
  const errors = document.errors.map(({ pos: [offset], message }) => ({ line: line(offset), message }));
  return {
    value: errors.length > 0 ? undefined : document.toJS(),
    errors,
    lineOf: (path) => {
      for (let length = path.length; length > 0; length -= 1) {
        const node = document.getIn(path.slice(0, length), true);
        if (isNode(node) && node.range) return line(node.range[0]);
      }
      return 1;
    },
  };
}

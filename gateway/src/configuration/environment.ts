/** Settings from environment variables: `UMLAUF_GATEWAY_` and the setting's path, such as `UMLAUF_GATEWAY_LISTEN_PORT`. */
import type { Leaf } from './leaves.js';

export const PREFIX = 'UMLAUF_GATEWAY_';
/** Path of the configuration file: no setting in it. */
export const FILE_VARIABLE = `${PREFIX}CONFIG`;

/** The variable of a setting. */
function variableOf(path: readonly string[]): string {
  return PREFIX + path.map((name) => name.replaceAll(/[A-Z]/g, '_$&').toUpperCase()).join('_');
}

/** A setting that a variable gives. */
export interface Given {
  readonly path: readonly string[];
  readonly variable: string;
  /** As the schema wants it; what can't be read so stays text, and the schema says what is allowed. */
  readonly value: unknown;
}

function valueOf(text: string, { kind }: Leaf): unknown {
  if (kind === 'number' && /^-?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  if (kind === 'boolean' && /^(?:true|false)$/.test(text)) return text === 'true';
  if (kind === 'list' && text.startsWith('[')) return listOf(text);
  return text;
}

/** A list is written in JSON. */
function listOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Reads the variables.
 * @returns what they give, and the names of those with the prefix that stand for no setting.
 */
export function givenBy(
  environment: Readonly<Record<string, string | undefined>>,
  leaves: readonly Leaf[],
): { readonly given: readonly Given[]; readonly unknown: readonly string[] } {
  // A list has one variable, not one for each of its places.
  const single = leaves.filter(({ path }) => !path.includes('*'));
  const byVariable = new Map(single.map((leaf) => [variableOf(leaf.path), leaf]));
  const set = Object.entries(environment).flatMap(([variable, text]) =>
    variable.startsWith(PREFIX) && variable !== FILE_VARIABLE && text !== undefined
      ? [{ variable, text }]
      : [],
  );
  return {
    given: set.flatMap(({ variable, text }) => {
      const leaf = byVariable.get(variable);
      return leaf ? [{ path: leaf.path, variable, value: valueOf(text, leaf) }] : [];
    }),
    unknown: set.flatMap(({ variable }) => (byVariable.has(variable) ? [] : [variable])),
  };
}

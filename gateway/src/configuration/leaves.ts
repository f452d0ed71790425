/** The single settings that a schema of options has, wherever they stand in it. */
import type { z } from 'zod';

/** How a setting is written. */
export type LeafKind = 'text' | 'number' | 'boolean' | 'list';

/** A single setting. */
export interface Leaf {
  /** `*` stands for every place of a list. */
  readonly path: readonly string[];
  readonly kind: LeafKind;
}

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly keyType?: { readonly options?: readonly string[] };
  readonly valueType?: z.ZodType;
}

const KINDS: Readonly<Record<string, LeafKind>> = { number: 'number', boolean: 'boolean' };
const kindOf = (type: string): LeafKind => KINDS[type] ?? 'text';

/** Lists them; `whole` names paths below which there is none, such as what stands in a file of its own. */
export function leavesOf(
  schema: z.ZodType,
  whole: (path: readonly string[]) => boolean,
  path: readonly string[] = [],
): Leaf[] {
  const definition = schema.def as unknown as Definition;
  const { type, innerType, element, shape, keyType, valueType } = definition;
  if (whole(path)) return [{ path, kind: 'text' }];
  if (innerType) return leavesOf(innerType, whole, path);
  if (element) return [{ path, kind: 'list' }, ...leavesOf(element, whole, [...path, '*'])];
  if (type === 'object')
    return Object.entries(shape ?? {}).flatMap(([name, inner]) => leavesOf(inner, whole, [...path, name]));
  if (type === 'record' && valueType)
    return (keyType?.options ?? []).flatMap((name) => leavesOf(valueType, whole, [...path, name]));
  return [{ path, kind: kindOf(type) }];
}

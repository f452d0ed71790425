import { common } from '@hyperledger/fabric-protos';
import { ConfigUpdateError } from './errors.js';

const MAX_ID = 249;

/** What every element of a configuration has. */
interface Versioned {
  getVersion(): number;
  getModPolicy(): string;
  serializeBinary(): Uint8Array;
}

/** One element of a configuration and where it is. */
export interface ConfigElement {
  readonly kind: 'group' | 'value' | 'policy';
  /** Names of the groups above it, from `Channel` on. */
  readonly path: readonly string[];
  readonly key: string;
  readonly element: Versioned;
}

/** All elements of a configuration by kind and full path, in Fabric's spelling (`[Group]  /Channel/Application`). */
export type ConfigMap = ReadonlyMap<string, ConfigElement>;

const PREFIX = { group: '[Group]  ', value: '[Value]  ', policy: '[Policy] ' } as const;

/** The name of the outermost group. */
export const ROOT = 'Channel';

/**
 * Lists the elements of a configuration (common/configtx/configmap.go).
 * @throws ConfigUpdateError if a key has characters that Fabric refuses
 */
export function mapConfig(root: common.ConfigGroup | undefined): ConfigMap {
  const result = new Map<string, ConfigElement>();
  if (root) addGroup(result, [], ROOT, root);
  return result;
}

/** The key of an element in a `ConfigMap`. */
function elementKey(kind: ConfigElement['kind'], path: readonly string[], key: string): string {
  return `${PREFIX[kind]}/${[...path, key].join('/')}`;
}

/**
 * Puts a configuration together again: the groups say what belongs to them, the map what each element is.
 * @throws ConfigUpdateError if a group names an element that the map doesn't have
 */
export function configFromMap(map: ConfigMap): common.ConfigGroup {
  return assemble(map, [], ROOT);
}

function addGroup(
  result: Map<string, ConfigElement>,
  path: readonly string[],
  key: string,
  group: common.ConfigGroup,
) {
  const add = (
    kind: ConfigElement['kind'],
    at: readonly string[],
    name: string,
    element: Versioned,
  ): void => {
    checkKey(name, PREFIX[kind]);
    result.set(elementKey(kind, at, name), { kind, path: at, key: name, element });
  };
  add('group', path, key, group);
  const inside = [...path, key];
  group.getGroupsMap().forEach((child, name) => {
    addGroup(result, inside, name, child);
  });
  group.getValuesMap().forEach((value, name) => {
    add('value', inside, name, value);
  });
  group.getPoliciesMap().forEach((policy, name) => {
    add('policy', inside, name, policy);
  });
}

function assemble(map: ConfigMap, path: readonly string[], key: string): common.ConfigGroup {
  const template = lookUp(map, 'group', path, key, common.ConfigGroup);
  const group = new common.ConfigGroup();
  group.setVersion(template.getVersion());
  group.setModPolicy(template.getModPolicy());
  const inside = [...path, key];
  template.getGroupsMap().forEach((_, name) => {
    group.getGroupsMap().set(name, assemble(map, inside, name));
  });
  template.getValuesMap().forEach((_, name) => {
    group.getValuesMap().set(name, lookUp(map, 'value', inside, name, common.ConfigValue));
  });
  template.getPoliciesMap().forEach((_, name) => {
    group.getPoliciesMap().set(name, lookUp(map, 'policy', inside, name, common.ConfigPolicy));
  });
  return group;
}

function lookUp<T>(
  map: ConfigMap,
  kind: ConfigElement['kind'],
  path: readonly string[],
  key: string,
  type: new () => T,
): T {
  const name = elementKey(kind, path, key);
  const found = map.get(name)?.element;
  if (!(found instanceof type)) throw new ConfigUpdateError(`missing ${kind} at path: ${name}`);
  return found;
}

function checkKey(key: string, prefix: string): void {
  const objection = keyObjection(key);
  if (objection !== undefined)
    throw new ConfigUpdateError(`illegal characters in key: ${prefix}: ${objection}`);
}

/** What Fabric has against a name in the configuration, or undefined (common/configtx/validator.go, validateConfigID). */
export function keyObjection(key: string): string | undefined {
  if (key === '') return 'config ID illegal, cannot be empty';
  if (key.length > MAX_ID) return `config ID illegal, cannot be longer than ${MAX_ID}`;
  if (key === '.' || key === '..') return `name '${key}' for config ID is not allowed`;
  if (!/^[a-zA-Z0-9.-]+$/.test(key)) return `config ID '${key}' contains illegal characters`;
  return undefined;
}

import { common } from '@hyperledger/fabric-protos';
import { deltaSet } from './authorize.js';
import { mapConfig, type ConfigElement } from './config-map.js';

/**
 * What an update writes: each element that it doesn't merely read, by its path in Fabric's spelling
 * (`[Value]  /Channel/Orderer/BatchSize`), with its content. A group's own content is who belongs to it and who may
 * change it.
 * @throws ConfigUpdateError if a key has characters that Fabric refuses
 */
export function writtenElements(update: common.ConfigUpdate): ReadonlyMap<string, Uint8Array> {
  const delta = deltaSet(mapConfig(update.getReadSet()), mapConfig(update.getWriteSet()));
  return new Map([...delta].map(([key, entry]) => [key, contentOf(entry)]));
}

/**
 * What an update takes to be otherwise than it is in force: every version that it read must be the one in force, every
 * element that it changes must have the next one (common/configtx/update.go).
 * @throws ConfigUpdateError if a key has characters that Fabric refuses
 */
export function staleElements(config: common.Config, update: common.ConfigUpdate): string[] {
  const current = mapConfig(config.getChannelGroup());
  const read = mapConfig(update.getReadSet());
  const expectations = [
    ...[...read].map(([key, { element }]) => [key, element.getVersion()] as const),
    ...[...deltaSet(read, mapConfig(update.getWriteSet()))].map(
      ([key, { element }]) => [key, element.getVersion() - 1] as const,
    ),
  ];
  const stale = expectations.flatMap(([key, wanted]) => {
    const found = current.get(key)?.element.getVersion() ?? -1;
    return found === wanted ? [] : [`${key} is at version ${found}, not ${wanted}`];
  });
  return [...new Set(stale)];
}

function contentOf({ element }: ConfigElement): Uint8Array {
  if (!(element instanceof common.ConfigGroup)) return element.serializeBinary();
  const names = [element.getGroupsMap(), element.getValuesMap(), element.getPoliciesMap()].map((map) => {
    const keys: string[] = [];
    map.forEach((_: unknown, key: string) => keys.push(key));
    return keys.sort();
  });
  return Buffer.from(JSON.stringify([element.getVersion(), element.getModPolicy(), names]));
}

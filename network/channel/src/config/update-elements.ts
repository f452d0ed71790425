import { common } from '@hyperledger/fabric-protos';
import { equalBytes } from '../encoding/bytes.js';
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
 * Whether an update was made for another configuration: every version that it read must be the one in force, every
 * element that it changes must have the next one (common/configtx/update.go).
 * @throws ConfigUpdateError if a key has characters that Fabric refuses
 */
export function isStale(config: common.Config, update: common.ConfigUpdate): boolean {
  const current = mapConfig(config.getChannelGroup());
  const read = mapConfig(update.getReadSet());
  const version = (key: string) => current.get(key)?.element.getVersion() ?? -1;
  return (
    [...read].some(([key, { element }]) => version(key) !== element.getVersion()) ||
    [...deltaSet(read, mapConfig(update.getWriteSet()))].some(
      ([key, { element }]) => version(key) !== element.getVersion() - 1,
    )
  );
}

/**
 * Whether everything that an update writes is in force as it writes it.
 * @throws ConfigUpdateError if a key has characters that Fabric refuses
 */
export function isInForce(config: common.Config, update: common.ConfigUpdate): boolean {
  const current = mapConfig(config.getChannelGroup());
  return [...deltaSet(mapConfig(update.getReadSet()), mapConfig(update.getWriteSet()))].every(
    ([key, entry]) => {
      const found = current.get(key);
      return (
        found?.element.getVersion() === entry.element.getVersion() &&
        equalBytes(contentOf(found), contentOf(entry))
      );
    },
  );
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

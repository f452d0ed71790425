import { common } from '@hyperledger/fabric-protos';
import { equalBytes } from '../encoding/bytes.js';
import { ConfigUpdateError } from './errors.js';

/** What a group's update reads and writes, and whether anything in it changes. */
interface GroupDelta {
  readonly readSet: common.ConfigGroup;
  readonly writeSet: common.ConfigGroup;
  readonly changed: boolean;
}

/** Values, policies and groups behave alike in an update; this is what tells them apart. */
interface ElementKind<T> {
  readonly entries: (group: common.ConfigGroup) => EntryMap<T>;
  /** Whether the content is the same, versions aside. */
  readonly same: (current: T, desired: T) => boolean;
  /** The element as it is named without its content. */
  readonly bare: (current: T) => T;
  /** The element with its content, at a version. */
  readonly written: (desired: T, version: number) => T;
}

interface EntryMap<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): unknown;
  has(key: string): boolean;
  forEach(callback: (value: T, key: string) => void): void;
}

const VALUES: ElementKind<common.ConfigValue> = {
  entries: (group) => group.getValuesMap(),
  same: (a, b) => a.getModPolicy() === b.getModPolicy() && equalBytes(a.getValue_asU8(), b.getValue_asU8()),
  bare: (current) => {
    const value = new common.ConfigValue();
    value.setVersion(current.getVersion());
    return value;
  },
  written: (desired, version) => {
    const value = new common.ConfigValue();
    value.setVersion(version);
    value.setModPolicy(desired.getModPolicy());
    value.setValue(desired.getValue_asU8());
    return value;
  },
};

const POLICIES: ElementKind<common.ConfigPolicy> = {
  entries: (group) => group.getPoliciesMap(),
  same: (a, b) => a.getModPolicy() === b.getModPolicy() && equalPolicies(a.getPolicy(), b.getPolicy()),
  bare: (current) => {
    const policy = new common.ConfigPolicy();
    policy.setVersion(current.getVersion());
    return policy;
  },
  written: (desired, version) => {
    const policy = new common.ConfigPolicy();
    policy.setVersion(version);
    policy.setModPolicy(desired.getModPolicy());
    policy.setPolicy(desired.getPolicy());
    return policy;
  },
};

/**
 * The smallest update that leads from one configuration to another: elements that change with their next version,
 * groups whose membership changes with all their members, nothing else (internal/configtxlator/update). Versions in
 * `desired` are ignored.
 * @throws ConfigUpdateError if the two don't differ or one has no channel group
 */
export function proposeConfigUpdate(
  current: common.Config,
  desired: common.Config,
  channelId: string,
): common.ConfigUpdate {
  const [from, to] = [current.getChannelGroup(), desired.getChannelGroup()];
  if (!from) throw new ConfigUpdateError('no channel group included for original config');
  if (!to) throw new ConfigUpdateError('no channel group included for updated config');
  const { readSet, writeSet, changed } = groupDelta(from, to);
  if (!changed) throw new ConfigUpdateError('no differences detected between original and updated config');
  const update = new common.ConfigUpdate();
  update.setChannelId(channelId);
  update.setReadSet(readSet);
  update.setWriteSet(writeSet);
  return update;
}

function groupDelta(current: common.ConfigGroup, desired: common.ConfigGroup): GroupDelta {
  const readSet = new common.ConfigGroup();
  const writeSet = new common.ConfigGroup();
  readSet.setVersion(current.getVersion());
  writeSet.setVersion(current.getVersion());
  const policies = elementsDelta(POLICIES, current, desired, writeSet);
  const values = elementsDelta(VALUES, current, desired, writeSet);
  const groups = subgroupsDelta(current, desired, readSet, writeSet);
  const parts = [policies, values, groups];
  const own = parts.some((part) => part.membersChanged) || current.getModPolicy() !== desired.getModPolicy();
  if (own) {
    // The group itself changes, so it has to name all that remains in it, or that would be removed.
    parts.forEach((part) => part.keepSame(readSet, writeSet));
    writeSet.setVersion(current.getVersion() + 1);
    writeSet.setModPolicy(desired.getModPolicy());
  }
  return { readSet, writeSet, changed: own || parts.some((part) => part.written) };
}

/** What came of one kind of elements in a group. */
interface PartDelta {
  readonly membersChanged: boolean;
  readonly written: boolean;
  /** Names the unchanged elements in both sets. */
  readonly keepSame: (readSet: common.ConfigGroup, writeSet: common.ConfigGroup) => void;
}

function elementsDelta<T extends { getVersion(): number }>(
  kind: ElementKind<T>,
  current: common.ConfigGroup,
  desired: common.ConfigGroup,
  writeSet: common.ConfigGroup,
): PartDelta {
  const [from, to] = [kind.entries(current), kind.entries(desired)];
  const same = new Map<string, T>();
  let written = false;
  to.forEach((element, key) => {
    const existing = from.get(key);
    if (existing && kind.same(existing, element)) {
      same.set(key, existing);
      return;
    }
    written = true;
    kind.entries(writeSet).set(key, kind.written(element, existing ? existing.getVersion() + 1 : 0));
  });
  return {
    membersChanged: membersDiffer(from, to),
    written,
    keepSame: (...sets) => {
      same.forEach((existing, key) => sets.forEach((set) => kind.entries(set).set(key, kind.bare(existing))));
    },
  };
}

function subgroupsDelta(
  current: common.ConfigGroup,
  desired: common.ConfigGroup,
  readSet: common.ConfigGroup,
  writeSet: common.ConfigGroup,
): PartDelta {
  const [from, to] = [current.getGroupsMap(), desired.getGroupsMap()];
  const same = new Map<string, common.ConfigGroup>();
  let written = false;
  to.forEach((group, key) => {
    const existing = from.get(key);
    if (!existing) {
      written = true;
      writeSet.getGroupsMap().set(key, newGroup(group));
      return;
    }
    const delta = groupDelta(existing, group);
    if (!delta.changed) {
      same.set(key, delta.readSet);
      return;
    }
    written = true;
    readSet.getGroupsMap().set(key, delta.readSet);
    writeSet.getGroupsMap().set(key, delta.writeSet);
  });
  return {
    membersChanged: membersDiffer(from, to),
    written,
    keepSame: (...sets) => {
      same.forEach((group, key) => sets.forEach((set) => set.getGroupsMap().set(key, group)));
    },
  };
}

/** A group that wasn't there: all of it at version 0. */
function newGroup(desired: common.ConfigGroup): common.ConfigGroup {
  const { writeSet } = groupDelta(new common.ConfigGroup(), desired);
  writeSet.setVersion(0);
  writeSet.setModPolicy(desired.getModPolicy());
  return writeSet;
}

function membersDiffer<T>(from: EntryMap<T>, to: EntryMap<T>): boolean {
  let differ = false;
  from.forEach((_, key) => (differ ||= !to.has(key)));
  to.forEach((_, key) => (differ ||= !from.has(key)));
  return differ;
}

function equalPolicies(a: common.Policy | undefined, b: common.Policy | undefined): boolean {
  return equalBytes(a?.serializeBinary() ?? new Uint8Array(), b?.serializeBinary() ?? new Uint8Array());
}

import { common } from '@hyperledger/fabric-protos';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signaturePolicyEnvelope, outOf } from '../policies/build.js';
import { signatureConfigPolicy } from '../policies/config-policy.js';
import { PolicyTree } from '../policies/policy-tree.js';
import { fakeIdentities } from '../testing/fake-identities.js';
import { authorizeUpdate } from './authorize.js';
import { proposeConfigUpdate } from './compute-update.js';
import { mapConfig } from './config-map.js';

/** A group as plain data: contents by name, the text of a value or policy being its content. */
interface Shape {
  readonly modPolicy: string;
  readonly values: Readonly<Record<string, string>>;
  readonly policies: Readonly<Record<string, string>>;
  readonly groups: Readonly<Record<string, Shape>>;
}

const names = fc.constantFrom('a', 'b', 'c', 'd');
const contents = fc.dictionary(names, fc.constantFrom('x', 'y'), { maxKeys: 3 });
const modPolicies = fc.constantFrom('/Channel/Anyone', '/Channel/Everyone');

const { shape } = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.record({
    modPolicy: modPolicies,
    values: contents,
    policies: contents,
    groups: fc.oneof({ maxDepth: 2 }, fc.constant({}), fc.dictionary(names, tie('shape'), { maxKeys: 3 })),
  }),
}));

/** Two policies that anything satisfies, so that only versions decide. */
const ANYONE = signatureConfigPolicy(signaturePolicyEnvelope(outOf(0, []), []));

function build(source: Shape, versions: () => number): common.ConfigGroup {
  const group = new common.ConfigGroup();
  group.setVersion(versions());
  group.setModPolicy(source.modPolicy);
  for (const [name, text] of Object.entries(source.values)) {
    const value = new common.ConfigValue();
    value.setVersion(versions());
    value.setModPolicy('/Channel/Anyone');
    value.setValue(Buffer.from(text));
    group.getValuesMap().set(name, value);
  }
  for (const [name, text] of Object.entries(source.policies)) {
    group
      .getPoliciesMap()
      .set(name, policy(text === 'x' ? '/Channel/Anyone' : '/Channel/Everyone', versions()));
  }
  for (const [name, inner] of Object.entries(source.groups)) {
    group.getGroupsMap().set(name, build(inner, versions));
  }
  return group;
}

function policy(modPolicy: string, version: number): common.ConfigPolicy {
  const result = new common.ConfigPolicy();
  result.setVersion(version);
  result.setModPolicy(modPolicy);
  result.setPolicy(ANYONE);
  return result;
}

function config(source: Shape, versions: () => number): common.Config {
  const group = build(source, versions);
  group.getPoliciesMap().set('Anyone', policy('Anyone', 0));
  group.getPoliciesMap().set('Everyone', policy('Anyone', 0));
  const result = new common.Config();
  result.setSequence(4);
  result.setChannelGroup(group);
  return result;
}

/** Everything but the versions. */
function content(of: common.Config): unknown {
  return JSON.parse(
    JSON.stringify(of.getChannelGroup()?.toObject(), (key, value: unknown) =>
      key === 'version' ? 0 : value,
    ),
  ) as unknown;
}

function counting(): () => number {
  let next = 0;
  return () => next++ % 5;
}

function apply(current: common.Config, update: common.ConfigUpdate): common.Config {
  const envelope = new common.ConfigUpdateEnvelope();
  envelope.setConfigUpdate(update.serializeBinary());
  const policies = new PolicyTree('/Channel', current.getChannelGroup()!, fakeIdentities);
  return authorizeUpdate(
    { channelId: 'umlauf', config: current, policies, identities: fakeIdentities },
    envelope,
  );
}

describe('A computed update', () => {
  it('leads to the desired configuration, whatever the difference', () => {
    fc.assert(
      fc.property(shape, shape, (from, to) => {
        const [current, desired] = [config(from, counting()), config(to, () => 0)];
        fc.pre(JSON.stringify(content(current)) !== JSON.stringify(content(desired)));
        const result = apply(current, proposeConfigUpdate(current, desired, 'umlauf'));
        expect(content(result)).toEqual(content(desired));
        expect(result.getSequence()).toBe(5);
      }),
      { numRuns: 300 },
    );
  });

  it('raises the version of what changed by one, and of nothing else', () => {
    fc.assert(
      fc.property(shape, shape, (from, to) => {
        const [current, desired] = [config(from, counting()), config(to, () => 0)];
        fc.pre(JSON.stringify(content(current)) !== JSON.stringify(content(desired)));
        const before = mapConfig(current.getChannelGroup());
        const after = mapConfig(
          apply(current, proposeConfigUpdate(current, desired, 'umlauf')).getChannelGroup(),
        );
        for (const [key, { kind, element }] of after) {
          const version = before.get(key)?.element.getVersion();
          const allowed = version === undefined ? [0] : [version, version + 1];
          expect(allowed).toContain(element.getVersion());
          const same =
            version !== undefined &&
            kind !== 'group' &&
            contentOf(before.get(key)) === contentOf({ element });
          if (same) expect(element.getVersion()).toBe(version);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('reads and writes only what lies on the way to a change', () => {
    const shapes = (value: string): Shape => ({
      modPolicy: '/Channel/Anyone',
      values: { a: 'x' },
      policies: {},
      groups: {
        a: { modPolicy: '/Channel/Anyone', values: { a: value, b: 'x' }, policies: {}, groups: {} },
        b: { modPolicy: '/Channel/Anyone', values: { a: 'x' }, policies: {}, groups: {} },
      },
    });
    const update = proposeConfigUpdate(
      config(shapes('x'), () => 3),
      config(shapes('y'), () => 0),
      'umlauf',
    );
    expect([...mapConfig(update.getReadSet()).keys()].sort()).toEqual([
      '[Group]  /Channel',
      '[Group]  /Channel/a',
    ]);
    expect(
      [...mapConfig(update.getWriteSet())].map(([key, { element }]) => [key, element.getVersion()]),
    ).toEqual([
      ['[Group]  /Channel', 3],
      ['[Group]  /Channel/a', 3],
      ['[Value]  /Channel/a/a', 4],
    ]);
  });

  it("isn't made of nothing", () => {
    const same: Shape = { modPolicy: '/Channel/Anyone', values: { a: 'x' }, policies: {}, groups: {} };
    const [current, desired] = [config(same, counting()), config(same, () => 0)];
    expect(() => proposeConfigUpdate(current, desired, 'umlauf')).toThrow('no differences detected');
    expect(() => proposeConfigUpdate(new common.Config(), desired, 'umlauf')).toThrow('no channel group');
    expect(() => proposeConfigUpdate(current, new common.Config(), 'umlauf')).toThrow('no channel group');
  });
});

function contentOf(entry: { readonly element: unknown } | undefined): string {
  const { element } = entry ?? {};
  if (element instanceof common.ConfigValue) return Buffer.from(element.getValue_asU8()).toString();
  return element instanceof common.ConfigPolicy ? element.getModPolicy() : '';
}

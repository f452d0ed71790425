import { common } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { fakeIdentities, fakeIdentity } from '../testing/fake-identities.js';
import { newGroup, setPolicy } from '../profile/group.js';
import { organizationsPolicy } from './build.js';
import { implicitMetaPolicy, signatureConfigPolicy } from './config-policy.js';
import { PolicyError } from './policy.js';
import { noSuchPolicy, PolicyTree } from './policy-tree.js';

const MEMBERS = ['A', 'B', 'C', 'D'];

function group(rule: 'ANY' | 'ALL' | 'MAJORITY', members: readonly string[] = MEMBERS): common.ConfigGroup {
  const parent = newGroup();
  setPolicy(parent, 'Admins', implicitMetaPolicy(rule, 'Admins'));
  for (const member of members) {
    const child = newGroup();
    setPolicy(child, 'Admins', signatureConfigPolicy(organizationsPolicy(1, [member], 'admin')));
    parent.getGroupsMap().set(member, child);
  }
  return parent;
}

function satisfied(tree: PolicyTree, signers: readonly string[]): boolean {
  try {
    tree.get('Admins')?.evaluateIdentities(signers.map((mspId, index) => fakeIdentity(mspId, index)));
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(PolicyError);
    return false;
  }
}

describe('An implicit meta policy', () => {
  it.each([
    ['ANY', 1],
    ['MAJORITY', 3],
    ['ALL', 4],
  ] as const)('of the rule %s needs %i of four groups', (rule, needed) => {
    const tree = new PolicyTree('/Channel', group(rule), fakeIdentities);
    for (let signers = 0; signers <= 4; signers++) {
      expect(satisfied(tree, MEMBERS.slice(0, signers))).toBe(signers >= needed);
    }
  });

  it('says how many it found and needed', () => {
    const tree = new PolicyTree('/Channel', group('MAJORITY'), fakeIdentities);
    expect(() => tree.get('Admins')?.evaluateIdentities([fakeIdentity('A', 1)])).toThrow(
      "implicit policy evaluation failed - 1 sub-policies were satisfied, but this policy requires 3 of the 'Admins' sub-policies to be satisfied",
    );
  });

  it('asks nothing where there are no groups', () => {
    expect(satisfied(new PolicyTree('/Channel', group('ALL', []), fakeIdentities), [])).toBe(true);
  });

  it('counts a group without that policy as one that is never satisfied', () => {
    const parent = group('ALL');
    parent.getGroupsMap().get('D')?.clearPoliciesMap();
    expect(satisfied(new PolicyTree('/Channel', parent, fakeIdentities), MEMBERS)).toBe(false);
  });
});

describe('The policies of a configuration', () => {
  it('are found by path', () => {
    const tree = new PolicyTree('/Channel', group('ANY'), fakeIdentities);
    expect(tree.get('A/Admins')).toBe(tree.child('A')?.get('Admins'));
    expect(tree.get('A/Admins')).toBeDefined();
    expect(tree.get('A/Nothing') ?? tree.get('E/Admins') ?? tree.get('')).toBeUndefined();
  });

  it('are refused with an unknown type or no content', () => {
    for (const policy of [new common.Policy(), undefined]) {
      const parent = group('ANY');
      parent.getPoliciesMap().get('Admins')?.setPolicy(policy);
      expect(() => new PolicyTree('/Channel', parent, fakeIdentities)).toThrow(
        /^policy Admins at path \/Channel/,
      );
    }
  });

  it('are never satisfied by name alone', () => {
    expect(() => noSuchPolicy('Nobody').evaluate([])).toThrow("no such policy: 'Nobody'");
  });
});

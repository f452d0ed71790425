import { common, msp } from '@hyperledger/fabric-protos';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Identity } from '../msp/identity.js';
import { organizationsPolicy, outOf, rolePrincipal, signaturePolicyEnvelope, signedBy } from './build.js';
import { PolicyError, type IdentitySource } from './policy.js';
import { SignaturePolicy } from './signature-policy.js';
import { fakeIdentities, fakeIdentity, signedByFake } from '../testing/fake-identities.js';

/** A rule as plain data: a principal's number, or n of some rules. */
type Tree = number | { n: number; rules: Tree[] };

function toRule(tree: Tree): common.SignaturePolicy {
  return typeof tree === 'number' ? signedBy(tree) : outOf(tree.n, tree.rules.map(toRule));
}

/** Whether any assignment of identities to principals meets the rule; each identity is used at most once. */
function satisfiable(tree: Tree, organizations: readonly string[], principals: readonly string[]): boolean {
  return outcomes(tree, new Set(organizations.keys())).length > 0;

  /** Every set of identities that may be left after the rule is met. */
  function outcomes(rule: Tree, free: ReadonlySet<number>): ReadonlySet<number>[] {
    if (typeof rule === 'number') {
      return [...free]
        .filter((index) => organizations[index] === principals[rule])
        .map((index) => new Set([...free].filter((other) => other !== index)));
    }
    return nOf(rule.n, rule.rules, free);
  }

  function nOf(n: number, rules: readonly Tree[], free: ReadonlySet<number>): ReadonlySet<number>[] {
    if (n <= 0) return [free];
    const [first, ...rest] = rules;
    if (first === undefined) return [];
    return [...outcomes(first, free).flatMap((left) => nOf(n - 1, rest, left)), ...nOf(n, rest, free)];
  }
}

const ORGANIZATIONS = ['A', 'B', 'C', 'D'];

function policyOf(
  tree: Tree,
  principals: readonly string[],
  source: IdentitySource = fakeIdentities,
): SignaturePolicy {
  const envelope = signaturePolicyEnvelope(
    toRule(tree),
    principals.map((mspId) => rolePrincipal(mspId, 'member')),
  );
  return new SignaturePolicy(envelope, source);
}

function accepts(policy: SignaturePolicy, identities: readonly Identity[]): boolean {
  try {
    policy.evaluateIdentities(identities);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(PolicyError);
    return false;
  }
}

function treeOf(leaves: fc.Arbitrary<number>): fc.Arbitrary<Tree> {
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      leaves,
      fc.record({
        n: fc.integer({ min: 0, max: 3 }),
        rules: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
      }),
    ),
  }));
  return tree;
}

/** The same tree with every leaf a principal of its own. */
function renumbered(tree: Tree, next = { leaf: 0 }): Tree {
  return typeof tree === 'number'
    ? next.leaf++
    : { n: tree.n, rules: tree.rules.map((rule) => renumbered(rule, next)) };
}

const signers = fc.array(fc.constantFrom(...ORGANIZATIONS), { maxLength: 5 });

describe('A signature policy', () => {
  it('accepts only what some assignment of signers to principals satisfies', () => {
    fc.assert(
      fc.property(treeOf(fc.integer({ min: 0, max: 3 })), signers, (tree, organizations) => {
        const identities = organizations.map((mspId, index) => fakeIdentity(mspId, index));
        if (accepts(policyOf(tree, ORGANIZATIONS), identities)) {
          expect(satisfiable(tree, organizations, ORGANIZATIONS)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('accepts all of it where no two principals compete for one signer', () => {
    fc.assert(
      fc.property(
        treeOf(fc.constant(0)),
        fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 6 }),
        (shape, chosen) => {
          const tree = renumbered(shape);
          const principals = Array.from({ length: 64 }, (_, index) => `Org${index}`);
          const organizations = chosen.map((index) => principals[index]!);
          const identities = organizations.map((mspId, index) => fakeIdentity(mspId, index));
          expect(accepts(policyOf(tree, principals), identities)).toBe(
            satisfiable(tree, organizations, principals),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('counts n distinct organizations where it is flat', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), signers, (n, organizations) => {
        const policy = new SignaturePolicy(organizationsPolicy(n, ORGANIZATIONS, 'member'), fakeIdentities);
        const identities = organizations.map((mspId, index) => fakeIdentity(mspId, index));
        expect(accepts(policy, identities)).toBe(new Set(organizations).size >= n);
      }),
    );
  });

  it('gives a signer to the first principal that takes it and never back, as Fabric does', () => {
    const greedy = policyOf({ n: 2, rules: [{ n: 1, rules: [0, 1] }, 0] }, ['A', 'B']);
    const [a, b, otherA] = [fakeIdentity('A', 1), fakeIdentity('B', 2), fakeIdentity('A', 3)];
    expect(accepts(greedy, [a, b])).toBe(false);
    expect(accepts(greedy, [a, b, otherA])).toBe(true);
  });

  it('needs two signers for two principals of one organization', () => {
    const both = policyOf({ n: 2, rules: [0, 1] }, ['A', 'A']);
    expect(accepts(both, [fakeIdentity('A', 1)])).toBe(false);
    expect(accepts(both, [fakeIdentity('A', 1), fakeIdentity('A', 2)])).toBe(true);
  });

  it('counts a signer once however often it signs, and leaves out who is unknown or signed badly', () => {
    const two = policyOf({ n: 2, rules: [0, 1] }, ['A', 'A']);
    const good = signedByFake('A', 1);
    const unknown = { ...good, identity: Buffer.from('unknown') };
    const bad = { ...signedByFake('A', 2), signature: Buffer.from('bad') };
    expect(() => two.evaluate([good, good, unknown, bad])).toThrow('signature set did not satisfy policy');
    expect(() => two.evaluate([good, bad, signedByFake('A', 2)])).not.toThrow();
  });

  it.each<[string, (envelope: common.SignaturePolicyEnvelope) => void, string]>([
    ['a version it does not know', (envelope) => envelope.setVersion(1), 'but version was 1'],
    ['no rule', (envelope) => envelope.setRule(undefined), 'Empty policy element'],
    ['an empty rule', (envelope) => envelope.setRule(new common.SignaturePolicy()), 'Empty policy element'],
    [
      'a principal that is missing',
      (envelope) => envelope.setRule(signedBy(7)),
      'identity index out of range, requested 7',
    ],
    [
      'a negative principal',
      (envelope) => envelope.setRule(signedBy(-1)),
      'identity index out of range, requested -1',
    ],
  ])('is refused with %s', (_, edit, message) => {
    const envelope = organizationsPolicy(1, ['A'], 'member');
    edit(envelope);
    const parsed = common.SignaturePolicyEnvelope.deserializeBinary(envelope.serializeBinary());
    expect(() => new SignaturePolicy(parsed, fakeIdentities)).toThrow(PolicyError);
    expect(() => new SignaturePolicy(parsed, fakeIdentities)).toThrow(message);
  });

  it('has the roles of MSPs as principals', () => {
    const role = msp.MSPRole.deserializeBinary(rolePrincipal('A', 'peer').getPrincipal_asU8());
    expect([role.getMspIdentifier(), role.getRole()]).toEqual(['A', msp.MSPRole.MSPRoleType.PEER]);
  });
});

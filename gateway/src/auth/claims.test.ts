import fc from 'fast-check';
import { ROLES } from 'umlauf-chaincode/api';
import { describe, expect, it } from 'vitest';
import { boundCertificate, mappedRoles, namedRoles, subjectOf, type RoleMapping } from './claims.js';

const value = fc.constantFrom('a', 'b', 'c', 'board', '__proto__', 'constructor', '');
const mapping: fc.Arbitrary<RoleMapping> = fc.record({
  claim: fc.constantFrom(['roles'], ['realm_access', 'roles'], ['https://example.org/roles'], ['scope']),
  values: fc.dictionary(fc.constantFrom(...ROLES), fc.array(value, { minLength: 1, maxLength: 3 })),
});
const claimsWith = ([first = '', ...rest]: readonly string[], inner: unknown): Record<string, unknown> => ({
  [first]: rest.length === 0 ? inner : claimsWith(rest, inner),
});

describe('mappedRoles', () => {
  it('gives exactly the roles that one of the values is mapped to, in their order', () => {
    fc.assert(
      fc.property(mapping, fc.array(fc.oneof(value, fc.jsonValue())), (rule, values) => {
        const expected = ROLES.filter((role) => rule.values[role]?.some((wanted) => values.includes(wanted)));
        expect(mappedRoles(claimsWith(rule.claim, values), rule)).toEqual(expected);
      }),
    );
  });

  it('gives nothing for claims elsewhere, whatever they say', () => {
    fc.assert(
      fc.property(mapping, fc.dictionary(fc.string(), fc.jsonValue()), (rule, claims) => {
        fc.pre(!Object.hasOwn(claims, rule.claim[0] ?? ''));
        expect(mappedRoles(claims, rule)).toEqual([]);
      }),
    );
  });

  it('reads a single value, and a list with spaces only where that is one', () => {
    const rule = (name: string) => ({
      claim: [name],
      values: { board: ['umlauf board'], auditor: ['read'] },
    });
    expect(mappedRoles({ group: 'umlauf board' }, rule('group'))).toEqual(['board']);
    expect(mappedRoles({ group: 'umlauf read' }, rule('group'))).toEqual([]);
    expect(mappedRoles({ scope: 'umlauf read' }, rule('scope'))).toEqual(['auditor']);
  });
});

describe('namedRoles', () => {
  it.each([
    [{}, []],
    [{ roles: 'board' }, []],
    [{ roles: ['board', 7, null, 'constructor'] }, ['board']],
    [{ role: 'auditor', roles: ['representative'] }, ['representative', 'auditor']],
  ])('reads %j as %j', (claims, roles) => {
    expect(namedRoles(claims)).toEqual(roles);
  });
});

describe('subjectOf', () => {
  const from = ['sub', 'client_id', 'azp'];
  it.each([
    [{ sub: 's', client_id: 'c' }, 'sub s'],
    [{ client_id: 'c', azp: 'a' }, 'client_id c'],
    [{ sub: '', azp: 'a' }, 'azp a'],
    [{ sub: 7 }, undefined],
    [{ sub: 'x'.repeat(257) }, undefined],
    [{}, undefined],
  ])('of %j is %j', (claims, subject) => {
    expect(subjectOf(claims, from)).toBe(subject);
  });

  it('is never the same for two: a client is no user of its name', () => {
    const text = fc.string({
      minLength: 1,
      maxLength: 12,
      unit: fc.constantFrom('a', ' ', 'sub', 'client_id'),
    });
    const claims = fc.record({ sub: text, client_id: text }, { requiredKeys: [] });
    fc.assert(
      fc.property(claims, claims, (one, other) => {
        const whom = ({ sub, client_id }: typeof one) => (sub === undefined ? ['c', client_id] : ['s', sub]);
        fc.pre(JSON.stringify(whom(one)) !== JSON.stringify(whom(other)));
        fc.pre(whom(one)[1] !== undefined);
        expect(subjectOf(one, from)).not.toBe(subjectOf(other, from));
      }),
    );
  });
});

describe('boundCertificate', () => {
  it.each([
    [undefined, undefined],
    [{ 'x5t#S256': 'abc' }, { x5tS256: 'abc' }],
    [{ jkt: 'abc' }, 'unsupported'],
    [{ 'x5t#S256': 'abc', jkt: 'abc' }, 'unsupported'],
    [{ 'x5t#S256': 7 }, 'unsupported'],
    [null, 'unsupported'],
    ['abc', 'unsupported'],
  ])('of %j is %j', (cnf, bound) => {
    expect(boundCertificate(cnf === undefined ? {} : { cnf })).toEqual(bound);
  });
});

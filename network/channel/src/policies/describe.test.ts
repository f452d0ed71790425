import { describe, expect, it } from 'vitest';
import {
  bftQuorum,
  flatPolicy,
  identityPrincipal,
  organizationsPolicy,
  outOf,
  rolePrincipal,
  signaturePolicyEnvelope,
  signedBy,
} from './build.js';
import { requiredOrganizations } from './describe.js';
import { serializeIdentity } from '../msp/serialized-identity.js';

describe('The description of a policy', () => {
  it('names n and the organizations where it is flat', () => {
    const bytes = organizationsPolicy(2, ['C', 'A', 'B'], 'peer').serializeBinary();
    expect(requiredOrganizations(bytes)).toEqual({ n: 2, mspIds: ['A', 'B', 'C'] });
    const identities = flatPolicy(1, [identityPrincipal(serializeIdentity('A', 'pem'))]);
    expect(requiredOrganizations(identities)).toEqual({ n: 1, mspIds: ['A'] });
  });

  it('is missing where a rule is nested, an organization occurs twice, or a principal is missing', () => {
    const principals = [rolePrincipal('A', 'peer'), rolePrincipal('A', 'client')];
    const nested = outOf(2, [signedBy(0), outOf(1, [signedBy(1)])]);
    expect(requiredOrganizations(signaturePolicyEnvelope(nested, principals))).toBeUndefined();
    expect(requiredOrganizations(flatPolicy(1, principals))).toBeUndefined();
    expect(
      requiredOrganizations(signaturePolicyEnvelope(outOf(1, [signedBy(3)]), principals)),
    ).toBeUndefined();
    expect(requiredOrganizations(signaturePolicyEnvelope(signedBy(0), principals))).toBeUndefined();
  });
});

describe('A BFT quorum', () => {
  it('tolerates a third of the consenters', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 10].map(bftQuorum)).toEqual([1, 2, 2, 3, 4, 4, 5, 7]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { satisfies } from '../testing/signature-policy';
import { signaturePolicy } from './policy';

const OTHERS = ['b-msp', 'c-msp', 'd-msp', 'e-msp'];

describe('a ballot’s signature policy', () => {
  it('is met by exactly the sets with the owner and enough others', () => {
    fc.assert(
      fc.property(
        fc.subarray(['a-msp', ...OTHERS, 'stranger-msp']),
        fc.integer({ min: 0, max: OTHERS.length }),
        (endorsers, count) => {
          const policy = signaturePolicy({ owner: 'a-msp', others: OTHERS, count });
          const others = endorsers.filter((mspId) => OTHERS.includes(mspId)).length;
          expect(satisfies(policy, new Set(endorsers))).toBe(endorsers.includes('a-msp') && others >= count);
        },
      ),
    );
  });

  it('is the same bytes every time', () => {
    const make = () =>
      Buffer.from(signaturePolicy({ owner: 'a-msp', others: OTHERS, count: 2 })).toString('hex');
    expect(make()).toBe(make());
  });
});

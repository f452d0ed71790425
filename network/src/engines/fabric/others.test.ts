import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrdererAnswer } from './client/orderer-question.js';
import { standingOf } from './others.js';

const standing = (...answers: OrdererAnswer[]) =>
  standingOf(new Map(answers.map((answer, index) => [`M${index}MSP`, answer])));

describe('how an organization stands to its channel', () => {
  it('is told by the orderers that serve it; one that exaggerates is not believed', () => {
    expect(standing(7, 7, 7, 7)).toEqual({ height: 7 });
    expect(standing(7, 7, 1_000_000, 7)).toEqual({ height: 7 });
    expect(standing(7, undefined, 'refused', undefined)).toEqual({ height: 7 });
  });

  it('is off it when more refuse than can be at fault', () => {
    expect(standing('refused', 'refused', undefined, undefined)).toBe('refused');
    expect(standing('refused', undefined, undefined, undefined)).toBe('unknown');
    expect(standing(undefined, undefined, undefined, undefined)).toBe('unknown');
  });

  it('never depends on f faulty orderers alone', () => {
    const honest = fc.constantFrom<OrdererAnswer[]>([9, 9, 9], [9, 9, undefined]);
    const faulty = fc.oneof(fc.integer({ min: 10 }), fc.constant('refused' as const), fc.constant(undefined));
    fc.assert(
      fc.property(honest, faulty, (answers, lie) => {
        expect(standing(...answers, lie)).toEqual({ height: 9 });
      }),
    );
  });
});

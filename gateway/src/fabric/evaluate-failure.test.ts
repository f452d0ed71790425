import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { grpcError, refusal } from '../testing/fake-fabric.js';
import { evaluateProblem } from './evaluate-failure.js';

describe('evaluateProblem', () => {
  it.each([
    [status.UNKNOWN, refusal('not-founded'), 'not-founded'],
    [status.UNAVAILABLE, 'connect ECONNREFUSED', 'peer-unavailable'],
    [status.DEADLINE_EXCEEDED, '', 'peer-unavailable'],
    [status.ABORTED, 'chaincode stream terminated', 'peer-unavailable'],
    [status.FAILED_PRECONDITION, 'no peers available to evaluate chaincode', 'peer-unavailable'],
    [status.FAILED_PRECONDITION, 'access denied: creator org unknown', 'organization-not-allowed'],
    [status.RESOURCE_EXHAUSTED, 'too many requests', 'too-many-requests'],
    [status.UNKNOWN, 'chaincode response 500, cannot read x', 'internal'],
    [status.INTERNAL, '', 'internal'],
  ])('answers %i %s as %s', (code, message, problem) => {
    expect(evaluateProblem(grpcError(code, message), 'OwnMSP')).toMatchObject({ code: problem });
  });

  it('leaves faults of this program as they are', () => {
    const fault = new TypeError('x');
    expect(evaluateProblem(fault, 'OwnMSP')).toBe(fault);
  });
});

import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { grpcError, refusal } from '../testing/fake-fabric.js';
import { chaincodeErrorOf, chaincodeResponse } from './chaincode-error.js';
import { failureOf, isDeadlineExceeded, isGrpcFailure } from './failure.js';

describe('failureOf', () => {
  it('reads code, message and details whatever class was thrown', () => {
    const details = [{ mspId: 'AMSP', address: 'AMSP:7051', message: 'x' }];
    const thrown = { code: status.ABORTED, details, message: 'failed' };
    expect(failureOf(thrown)).toEqual({
      code: status.ABORTED,
      message: 'failed',
      details: [{ mspId: 'AMSP', address: 'AMSP:7051', message: 'x' }],
    });
  });

  it.each([undefined, null, 'text', 7, {}, { code: 'ENOENT', details: 'text' }, { code: 999, details: [1] }])(
    'reads %j as an unknown failure',
    (thrown) => {
      expect(failureOf(thrown)).toMatchObject({ code: status.UNKNOWN, details: [] });
      expect(isGrpcFailure(thrown)).toBe(false);
    },
  );

  it('tells a passed deadline from other failures', () => {
    expect(isDeadlineExceeded(grpcError(status.DEADLINE_EXCEEDED, ''))).toBe(true);
    expect(isDeadlineExceeded(grpcError(status.UNAVAILABLE, ''))).toBe(false);
    expect(isDeadlineExceeded(new Error('DEADLINE_EXCEEDED'))).toBe(false);
  });
});

describe('chaincodeErrorOf', () => {
  it('finds the error behind the words of a peer', () => {
    const message = `2 UNKNOWN: evaluate call to endorser returned error: ${refusal('not-found', { resource: 'member' })}`;
    expect(chaincodeErrorOf(message)).toEqual({ code: 'not-found', data: { resource: 'member' } });
  });

  it.each([
    'rpc error: code = Unavailable',
    'chaincode response 500, not JSON',
    'chaincode response 500, {"code":',
    refusal('no-such-code'),
    'chaincode response 500, {"code":"constructor"}',
    refusal('outcome-unknown'),
    'chaincode response 500, {"code":["not-found"]}',
  ])('finds none in %s', (message) => {
    expect(chaincodeErrorOf(message)).toBeUndefined();
  });

  it('still tells that it was the chaincode that answered', () => {
    expect(chaincodeResponse('chaincode response 500, cannot read x')).toBe('cannot read x');
    expect(chaincodeResponse('connection refused')).toBeUndefined();
  });
});

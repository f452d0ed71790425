import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { endorseError, grpcError, refusal } from '../testing/fake-fabric.js';
import { endorseFailureOf } from './endorse-failure.js';
import { submitFailureOf } from './submit-failure.js';

const NAMED = ['OwnMSP', 'BMSP', 'CMSP'];
const MISMATCH = 'ProposalResponsePayloads do not match';
const read = (thrown: unknown, named: readonly string[] | undefined = NAMED) =>
  endorseFailureOf(thrown, named, 'OwnMSP');

describe('endorseFailureOf', () => {
  it('believes an error that every named endorser returned', () => {
    const thrown = endorseError(NAMED.map((mspId) => [mspId, refusal('not-found')]));
    expect(read(thrown)).toEqual({ kind: 'rejected', error: { code: 'not-found', data: {} } });
  });

  it('believes the first endorser when the peer chose: it was asked alone', () => {
    const thrown = grpcError(status.ABORTED, '10 ABORTED: failed to endorse transaction', [
      ['OwnMSP', refusal('not-found')],
    ]);
    expect(endorseFailureOf(thrown, undefined, 'OwnMSP')).toMatchObject({ kind: 'rejected' });
  });

  it('takes an error that some returned and others did not for a disagreement', () => {
    expect(read(endorseError([['BMSP', refusal('not-found')]]))).toEqual({
      kind: 'disagreement',
      mspIds: ['BMSP'],
    });
  });

  it('keeps the error of the own peer, or of most of those asked, should the others not catch up', () => {
    expect(read(endorseError([['OwnMSP', refusal('not-found')]]))).toMatchObject({
      kind: 'disagreement',
      error: { code: 'not-found' },
    });
    expect(
      read(
        endorseError([
          ['BMSP', refusal('wrong-status')],
          ['CMSP', refusal('wrong-status')],
        ]),
      ),
    ).toMatchObject({ kind: 'disagreement', error: { code: 'wrong-status' } });
  });

  it('takes different errors for a disagreement', () => {
    const thrown = endorseError([
      ['OwnMSP', refusal('not-found')],
      ['BMSP', refusal('wrong-status')],
      ['CMSP', refusal('wrong-status')],
    ]);
    expect(read(thrown)).toMatchObject({ kind: 'disagreement', error: { code: 'not-found' } });
  });

  it('takes payloads that do not match for a disagreement', () => {
    expect(read(endorseError([['CMSP', MISMATCH]]))).toEqual({ kind: 'disagreement', mspIds: ['CMSP'] });
  });

  it('names the organizations whose peers cannot be reached, even when others refused', () => {
    const thrown = endorseError([
      ['OwnMSP', refusal('not-found')],
      ['BMSP', 'rpc error: code = Unavailable desc = connection refused'],
    ]);
    expect(read(thrown)).toEqual({ kind: 'unreachable', mspIds: ['BMSP'] });
  });

  it('names the organizations that have no peer with the chaincode', () => {
    const thrown = grpcError(
      status.UNAVAILABLE,
      '14 UNAVAILABLE: failed to find any endorsing peers for org(s): BMSP, CMSP',
    );
    expect(read(thrown)).toEqual({ kind: 'unreachable', mspIds: ['BMSP', 'CMSP'] });
  });

  it('takes a connection that fails for the own peer being unreachable', () => {
    const message = '14 UNAVAILABLE: No connection established. connect ECONNREFUSED';
    expect(read(grpcError(status.UNAVAILABLE, message))).toEqual({ kind: 'unreachable', mspIds: [] });
  });

  it('blames nobody for an answer that does not come in time', () => {
    const thrown = grpcError(status.DEADLINE_EXCEEDED, '4 DEADLINE_EXCEEDED: Deadline exceeded');
    expect(read(thrown)).toEqual({ kind: 'silent' });
  });

  it('tells when the peers do not accept the organization', () => {
    const denied = 'error validating proposal: access denied: channel [main] creator org unknown';
    expect(read(endorseError(NAMED.map((mspId) => [mspId, denied])))).toEqual({ kind: 'denied' });
    expect(read(grpcError(status.PERMISSION_DENIED, '7 PERMISSION_DENIED'))).toEqual({ kind: 'denied' });
  });

  it('tells when the peer serves too many calls already', () => {
    const message = '8 RESOURCE_EXHAUSTED: too many requests for /gateway.Gateway/Endorse';
    expect(read(grpcError(status.RESOURCE_EXHAUSTED, message))).toEqual({ kind: 'busy' });
    expect(read(grpcError(status.RESOURCE_EXHAUSTED, '8: message larger than max'))).toMatchObject({
      kind: 'fault',
    });
  });

  it('takes a crash of the chaincode everywhere for a fault', () => {
    const thrown = endorseError(NAMED.map((mspId) => [mspId, 'chaincode response 500, cannot read x']));
    expect(read(thrown)).toEqual({ kind: 'fault', message: 'chaincode response 500, cannot read x' });
  });

  it('takes a failure without details for a fault', () => {
    expect(read(grpcError(status.INVALID_ARGUMENT, '3 INVALID_ARGUMENT'))).toMatchObject({ kind: 'fault' });
  });
});

describe('submitFailureOf', () => {
  const insufficient =
    '14 UNAVAILABLE: insufficient number of orderers could successfully process transaction';
  const forbidden = 'received unsuccessful response from orderer: status=FORBIDDEN, info=';

  it.each([
    ['false alarms under BFT', grpcError(status.UNAVAILABLE, insufficient)],
    ['an orderer that is away', grpcError(status.UNAVAILABLE, insufficient, [['AMSP', 'EOF']])],
    [
      'a duplicate',
      grpcError(status.UNAVAILABLE, insufficient, [
        ['AMSP', 'status=SERVICE_UNAVAILABLE, info=request already processed'],
      ]),
    ],
    [
      'one orderer alone that refuses',
      grpcError(status.UNAVAILABLE, insufficient, [
        ['AMSP', forbidden],
        ['BMSP', 'timed out'],
      ]),
    ],
    ['a broken connection', grpcError(status.UNAVAILABLE, '14 UNAVAILABLE: Connection dropped')],
    ['a passed deadline', grpcError(status.DEADLINE_EXCEEDED, '4 DEADLINE_EXCEEDED')],
    ['a cancelled call', grpcError(status.CANCELLED, '1 CANCELLED')],
    ['an internal error', grpcError(status.INTERNAL, '13 INTERNAL')],
    ['what it does not know', new Error('?')],
  ])('is in doubt about %s', (_name, thrown) => {
    expect(submitFailureOf(thrown)).toBe('doubt');
  });

  it('knows a refusal by the orderers', () => {
    expect(
      submitFailureOf(
        grpcError(status.UNAVAILABLE, insufficient, [
          ['AMSP', forbidden],
          ['BMSP', forbidden],
        ]),
      ),
    ).toBe('denied');
    expect(submitFailureOf(grpcError(status.ABORTED, `10 ABORTED: ${forbidden}`))).toBe('denied');
  });

  it.each([
    grpcError(status.UNAVAILABLE, '14 UNAVAILABLE: no orderer nodes available'),
    grpcError(status.FAILED_PRECONDITION, '9 FAILED_PRECONDITION'),
    grpcError(status.INVALID_ARGUMENT, '3 INVALID_ARGUMENT'),
    grpcError(status.RESOURCE_EXHAUSTED, '8: too many requests for /gateway.Gateway/Submit'),
  ])('knows that %s was not sent', (thrown) => {
    expect(submitFailureOf(thrown)).toBe('not-sent');
  });
});

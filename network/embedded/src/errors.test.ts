import { status } from '@grpc/grpc-js';
import { common } from '@hyperledger/fabric-protos';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createEnvelope, createSigner } from 'umlauf-channel';
import { CHANNEL, deployProbe, organization, startConsortium } from './testing/consortium.js';
import type { Consortium } from './testing/consortium.js';
import { failureOf, Probe } from './testing/contract.js';

let consortium: Consortium;
let probe: Probe;

beforeAll(async () => {
  consortium = await startConsortium();
  await deployProbe(consortium);
  probe = new Probe(consortium, 1);
});

afterAll(async () => {
  await consortium.stop();
});

const org1 = (message: string) => [{ mspId: 'Org1MSP', message }];

describe('a chaincode that throws', () => {
  test('fails an evaluation with its message', async () => {
    expect(await failureOf(probe.evaluate('fail', 'no such thing'))).toEqual({
      name: 'GatewayError',
      code: status.UNKNOWN,
      message: 'evaluate call to endorser returned error: chaincode response 500, no such thing',
      details: org1('chaincode response 500, no such thing'),
    });
  });

  test('fails an endorsement at the first endorser', async () => {
    expect(await failureOf(probe.submit('fail', 'no such thing'))).toEqual({
      name: 'EndorseError',
      code: status.ABORTED,
      message: 'failed to endorse transaction, see attached details for more info',
      details: org1('chaincode response 500, no such thing'),
    });
  });

  test('fails each named endorser', async () => {
    const failure = await failureOf(probe.endorse('fail', ['x'], ['Org2MSP', 'Org3MSP']));
    expect(failure).toEqual({
      name: 'EndorseError',
      code: status.ABORTED,
      message: 'failed to collect enough transaction endorsements, see attached details for more info',
      details: ['Org2MSP', 'Org3MSP'].map((mspId) => ({ mspId, message: 'chaincode response 500, x' })),
    });
  });

  test('an unknown function is an error of the contract', async () => {
    const { code, message } = await failureOf(probe.evaluate('nonsense'));
    expect(code).toBe(status.UNKNOWN);
    expect(message).toMatch(/^evaluate call to endorser returned error: chaincode response 500, /);
    expect(message).toContain('nonsense');
  });
});

describe('what is not there', () => {
  test('a chaincode that nobody has defined', async () => {
    const contract = consortium.client(1).getNetwork(CHANNEL).getContract('absent');
    expect(await failureOf(contract.evaluateTransaction('get'))).toMatchObject({
      code: status.FAILED_PRECONDITION,
      message: `no peers available to evaluate chaincode absent in channel ${CHANNEL}`,
    });
    expect(await failureOf(contract.submitTransaction('get'))).toMatchObject({
      name: 'EndorseError',
      code: status.FAILED_PRECONDITION,
      message: `no combination of peers can be derived which satisfy the endorsement policy: No metadata was found for chaincode absent in channel ${CHANNEL}`,
    });
  });

  test('a channel that does not exist', async () => {
    const contract = consortium.client(1).getNetwork('elsewhere').getContract('probe');
    expect(await failureOf(contract.evaluateTransaction('get', 'x'))).toMatchObject({
      code: status.UNAVAILABLE,
      message:
        'failed to get config for channel [elsewhere]: could not get last config for channel elsewhere',
    });
    expect(await failureOf(contract.submitTransaction('get', 'x'))).toMatchObject({
      code: status.FAILED_PRECONDITION,
      message:
        'no combination of peers can be derived which satisfy the endorsement policy: No metadata was found for chaincode probe in channel elsewhere',
    });
  });

  test('organizations without a peer are named', async () => {
    const endorsement = probe.endorse('put', ['a', 'b'], ['Org1MSP', 'Org8MSP', 'Org9MSP']);
    expect(await failureOf(endorsement)).toMatchObject({
      code: status.UNAVAILABLE,
      message: 'failed to find any endorsing peers for org(s): Org8MSP, Org9MSP',
    });
  });

  test('a transaction that is not on the ledger', async () => {
    const qscc = consortium.client(1).getNetwork(CHANNEL).getContract('qscc');
    const id = '00'.repeat(32);
    expect(await failureOf(qscc.evaluateTransaction('GetTransactionByID', CHANNEL, id))).toMatchObject({
      code: status.UNKNOWN,
      message: `evaluate call to endorser returned error: chaincode response 500, Failed to get transaction with id ${id}, error no such transaction ID [${id}] in index`,
    });
  });
});

describe('who is not let in', () => {
  test('a stranger is refused in words that name no organization', async () => {
    const stranger = await organization(9);
    const signer = createSigner(stranger.admin, 'Org9MSP');
    const foreign = new Probe(consortium, 1, { signer });
    const reason = `error validating proposal: access denied: channel [${CHANNEL}] creator org unknown, creator is malformed`;
    expect(await failureOf(foreign.evaluate('get', 'x'))).toEqual({
      name: 'GatewayError',
      code: status.FAILED_PRECONDITION,
      message: `evaluate call to endorser returned error: ${reason}`,
      details: org1(reason),
    });
    expect(await failureOf(foreign.submit('put', 'x', 'y'))).toMatchObject({
      code: status.ABORTED,
      details: org1(reason),
    });
  });

  test("a certificate that another organization's root signed is refused", async () => {
    const impostor = await organization(2);
    const signer = createSigner(impostor.admin, 'Org1MSP');
    const { message } = await failureOf(new Probe(consortium, 1, { signer }).evaluate('get', 'x'));
    expect(message).toContain(
      `access denied: channel [${CHANNEL}] creator org unknown, creator is malformed`,
    );
  });

  test('a signature over something else is refused', async () => {
    const honest = createSigner(consortium.members[0]!.admin, 'Org1MSP');
    const signer = { ...honest, sign: () => honest.sign(Buffer.from('something else')) };
    const forged = new Probe(consortium, 1, { signer });
    const reason = `error validating proposal: access denied: channel [${CHANNEL}] creator org [Org1MSP]`;
    expect(await failureOf(forged.evaluate('get', 'x'))).toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: org1(reason),
    });
  });

  test('a transaction whose signature is forged never gets past the orderers', async () => {
    const honest = createSigner(consortium.members[0]!.admin, 'Org1MSP');
    let forge = false;
    const sign = (message: Uint8Array) => honest.sign(forge ? Buffer.from('else') : message);
    const transaction = await new Probe(consortium, 1, { signer: { ...honest, sign } }).endorse('put', [
      'a',
      'b',
    ]);
    forge = true;
    const failure = await failureOf(transaction.submit());
    expect(failure).toMatchObject({
      name: 'SubmitError',
      code: status.UNAVAILABLE,
      message:
        'insufficient number of orderers could successfully process transaction to satisfy quorum requirement',
    });
    expect(failure.details).toHaveLength(2);
    expect(failure.details[0]?.message).toBe(
      'received unsuccessful response from orderer: status=FORBIDDEN, info=signature set did not satisfy policy: permission denied',
    );
  });

  test('commit status needs a right to read', async () => {
    const honest = createSigner(consortium.members[0]!.admin, 'Org1MSP');
    let forge = false;
    const sign = (message: Uint8Array) => honest.sign(forge ? Buffer.from('else') : message);
    const transaction = await new Probe(consortium, 1, { signer: { ...honest, sign } }).endorse('put', [
      'a',
      'b',
    ]);
    const submitted = await transaction.submit();
    forge = true;
    const failure = await failureOf(submitted.getStatus());
    expect(failure).toMatchObject({ name: 'CommitStatusError', code: status.PERMISSION_DENIED });
    expect(failure.message).toMatch(
      /^Failed evaluating policy on signed data during check policy on channel \[test-channel\] with policy \[\/Channel\/Application\/Readers\]: \[/,
    );
  });
});

test('a message that is no transaction is refused by name', async () => {
  const content = { type: common.HeaderType.MESSAGE, channelId: CHANNEL, data: Buffer.from('hello') };
  const message = createEnvelope(content, createSigner(consortium.members[0]!.admin, 'Org1MSP'));
  const height = consortium.network.height();
  await expect(consortium.network.broadcast(message)).rejects.toThrow(
    'UNIMPLEMENTED: messages of type MESSAGE are not supported by the embedded network',
  );
  expect(consortium.network.height()).toBe(height);
});

test('a proposal whose time is off by more than fifteen minutes is refused', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 16 * 60_000 });
  const proposal = probe.contract.newProposal('put', { arguments: ['a', 'b'] });
  vi.useRealTimers();
  const { code, details } = await failureOf(proposal.endorse());
  expect(code).toBe(status.ABORTED);
  expect(details[0]?.message).toMatch(
    /^request unauthorized due to incorrect timestamp .*Z, peer time .*Z, peer\.authentication\.timewindow 15m0s$/,
  );
});

test('endorsers that come to different results are told apart', async () => {
  const failure = await failureOf(probe.submit('random', 'dice'));
  expect(failure).toMatchObject({
    name: 'EndorseError',
    code: status.ABORTED,
    message: 'failed to collect enough transaction endorsements, see attached details for more info',
  });
  expect(failure.details.length).toBeGreaterThan(0);
  for (const { message } of failure.details) expect(message).toBe('ProposalResponsePayloads do not match');
});

test('an evaluation of a transaction id that is on the ledger is a replay', async () => {
  const proposal = probe.contract.newProposal('put', { arguments: ['once', 'x'] });
  const transaction = await proposal.endorse();
  await (await transaction.submit()).getStatus();
  const failure = await failureOf(proposal.evaluate());
  expect(failure.code).toBe(status.FAILED_PRECONDITION);
  expect(failure.details[0]?.message).toMatch(
    new RegExp(
      `^duplicate transaction found \\[${proposal.getTransactionId()}\\]\\. Creator \\[[0-9a-f]+\\]$`,
    ),
  );
});

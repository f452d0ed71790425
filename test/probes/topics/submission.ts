/** What happens to transactions after the endorsement: duplicates, changes, malformed requests, size. */
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import { failure, failureOfSomeone, outcome } from '../failure.js';
import { changedProposal, changedTransaction } from '../forge.js';
import { CHANNEL } from '../networks/network.js';
import type { Probe, Topic } from '../probe.js';
import type { Stage } from '../stage.js';

const raw =
  (method: string, request: { serializeBinary(): Uint8Array }): Probe =>
  (stage) =>
    failure(stage.clients.raw(1, `/gateway.Gateway/${method}`, request));

const MEGABYTE = 1024 * 1024;

export const submission: Topic = {
  'duplicate: the same transaction again': async (stage) => {
    const transaction = await stage.hold('put', ['duplicate', 'x']);
    await stage.release(transaction);
    return failureOfSomeone(transaction.submit());
  },
  'duplicate: evaluating what is on the ledger': async (stage) => {
    const proposal = stage.contract().newProposal('put', { arguments: ['duplicate-evaluate', 'x'] });
    await stage.release(await proposal.endorse());
    return failure(proposal.evaluate());
  },
  'duplicate: endorsing what is on the ledger': async (stage) => {
    const proposal = stage.contract().newProposal('put', { arguments: ['duplicate-endorse', 'x'] });
    await stage.release(await proposal.endorse());
    return failure(proposal.endorse());
  },
  'duplicate: a proposal endorsed twice has the same result': async (stage) => {
    const proposal = stage.contract().newProposal('increment', { arguments: ['duplicate-held'] });
    const results = [];
    for (let round = 0; round < 2; round += 1)
      results.push(Buffer.from((await proposal.endorse()).getResult()).toString());
    return results;
  },
  'proposal: an id that is not made from nonce and creator': (stage) =>
    failure(changedProposal(stage, [], (header) => header.setTxId('00'.repeat(32))).endorse()),
  'proposal: a header of another type': (stage) =>
    failure(changedProposal(stage, [], (header) => header.setType(common.HeaderType.MESSAGE)).evaluate()),
  'proposal: an epoch': (stage) =>
    outcome(
      changedProposal(stage, [], (header) => header.setEpoch(1))
        .evaluate()
        .then((bytes) => Buffer.from(bytes).toString()),
    ),
  'proposal: no channel': (stage) =>
    failure(changedProposal(stage, [], (header) => header.setChannelId('')).evaluate()),
  'changed: the results': (stage) =>
    spoiled(stage, 'changed-results', ({ endorsed }) => {
      const response = peer.ProposalResponsePayload.deserializeBinary(
        endorsed.getProposalResponsePayload_asU8(),
      );
      const action = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8());
      action.setEvents(Buffer.from(''));
      action.getResponse()!.setMessage('changed');
      response.setExtension$(action.serializeBinary());
      endorsed.setProposalResponsePayload(response.serializeBinary());
    }),
  'changed: the proposal that it answers': (stage) =>
    spoiled(stage, 'changed-proposal-payload', ({ action }) => {
      const payload = new peer.ChaincodeProposalPayload();
      payload.setInput(Buffer.from('something else'));
      action.setChaincodeProposalPayload(payload.serializeBinary());
    }),
  'changed: no endorsement': (stage) =>
    spoiled(stage, 'changed-none', ({ endorsed }) => endorsed.setEndorsementsList([])),
  'changed: one endorsement three times': (stage) =>
    spoiled(stage, 'changed-thrice', ({ endorsed }) => {
      const [first] = endorsed.getEndorsementsList();
      endorsed.setEndorsementsList([first!, first!, first!]);
    }),
  'changed: one endorsement more than once, enough others': (stage) =>
    spoiled(stage, 'changed-repeated', ({ endorsed }) =>
      endorsed.addEndorsements(endorsed.getEndorsementsList()[0]),
    ),
  'changed: an endorsement with a forged signature': (stage) =>
    spoiled(stage, 'changed-endorsement', ({ endorsed }) => {
      endorsed.getEndorsementsList()[0]!.setSignature(stage.clients.user(1).sign(Buffer.from('else')));
    }),
  'changed: a forged endorsement beside enough others': async (stage) =>
    spoiled(
      stage,
      'changed-beside',
      ({ endorsed }) =>
        endorsed.getEndorsementsList()[0]!.setSignature(stage.clients.user(1).sign(Buffer.from('else'))),
      [1, 2, 3, 4],
    ),
  'changed: the id': async (stage) =>
    spoiled(stage, 'changed-id', ({ channelHeader }) => channelHeader.setTxId('00'.repeat(32))),
  'changed: the header of the proposal': async (stage) =>
    spoiled(stage, 'changed-header', ({ channelHeader }) => channelHeader.setEpoch(7)),
  'oversize: more than the orderers take': async (stage) => {
    // A transaction holds what it writes twice: as an argument of the proposal and as a result.
    const transaction = await stage.hold('put', ['oversize', 'x'.repeat(5.5 * MEGABYTE)], { endorsers: [1] });
    const { details, ...seen } = await failureOfSomeone(transaction.submit());
    return { ...seen, details: details.map((detail) => detail.replace(/is \d+ bytes/, 'is <size> bytes')) };
  },
  'oversize: more than a block should hold': (stage) =>
    stage.code('put', ['oversize-preferred', 'x'.repeat(1.2 * MEGABYTE)]),
  'request: evaluate without a proposal': raw('Evaluate', new gateway.EvaluateRequest()),
  'request: endorse without a proposal': raw('Endorse', new gateway.EndorseRequest()),
  'request: submit without a transaction': raw('Submit', new gateway.SubmitRequest()),
  'request: submit without a signature': raw('Submit', unsigned()),
  'request: submit to an unknown channel': raw('Submit', strayed()),
  'request: commit status of nothing': raw('CommitStatus', new gateway.SignedCommitStatusRequest()),
  'request: commit status without an id': (stage) =>
    failure(stage.clients.raw(1, '/gateway.Gateway/CommitStatus', statusRequest(stage, CHANNEL, ''))),
  'request: commit status on an unknown channel': (stage) =>
    failure(stage.clients.raw(1, '/gateway.Gateway/CommitStatus', statusRequest(stage, 'elsewhere', 'id'))),
  'request: an unknown method': raw('Improvise', new gateway.SubmitRequest()),
  'commit status: of an id that is not on the ledger': async (stage) => {
    const submitted = stage.clients
      .gateway(1, { deadline: 300 })
      .newCommit(statusRequest(stage, CHANNEL, '00'.repeat(32)).serializeBinary());
    return failure(submitted.getStatus());
  },
  'commit status: at another organization, again': async (stage) => {
    const submitted = await (await stage.hold('put', ['status-again', 'x'])).submit();
    const { blockNumber } = await submitted.getStatus();
    await stage.everywhere(blockNumber);
    const elsewhere = stage.clients.gateway(1, { at: 3 }).newCommit(submitted.getBytes());
    const { code, successful, blockNumber: told } = await elsewhere.getStatus();
    return { code, successful, sameBlock: told === blockNumber };
  },
};

/** The code of a transaction that is changed after its endorsement. */
async function spoiled(
  stage: Stage,
  key: string,
  change: Parameters<typeof changedTransaction>[2],
  endorsers = [1, 2, 3],
) {
  const held = await stage.hold('put', [key, 'x'], { endorsers });
  return outcome(stage.release(changedTransaction(stage, held, change)).then(({ code }) => code));
}

function unsigned(): gateway.SubmitRequest {
  const request = new gateway.SubmitRequest();
  request.setChannelId(CHANNEL);
  request.setPreparedTransaction(new common.Envelope());
  return request;
}

function strayed(): gateway.SubmitRequest {
  const envelope = new common.Envelope();
  envelope.setSignature(Buffer.from('signature'));
  const request = new gateway.SubmitRequest();
  request.setChannelId('elsewhere');
  request.setPreparedTransaction(envelope);
  return request;
}

function statusRequest(stage: Stage, channel: string, id: string): gateway.SignedCommitStatusRequest {
  const signer = stage.clients.user(1);
  const request = new gateway.CommitStatusRequest();
  request.setChannelId(channel);
  request.setTransactionId(id);
  request.setIdentity(signer.identity);
  const signed = new gateway.SignedCommitStatusRequest();
  signed.setRequest(request.serializeBinary());
  signed.setSignature(signer.sign(request.serializeBinary()));
  return signed;
}

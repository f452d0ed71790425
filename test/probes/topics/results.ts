/** What evaluate and submit give back. */
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import { outcome } from '../failure.js';
import type { Topic } from '../probe.js';
import { text } from '../stage.js';

export const results: Topic = {
  'evaluate: a value': async (stage) => {
    await stage.submit('put', ['evaluate-value', 'größer als 😀']);
    return stage.evaluate('get', 'evaluate-value');
  },
  'evaluate: a key that does not exist is empty': (stage) => stage.evaluate('get', 'evaluate-missing'),
  'evaluate: by a named organization': async (stage) => {
    const bytes = await stage
      .contract()
      .evaluate('get', { arguments: ['evaluate-value'], endorsingOrganizations: ['Org3MSP'] });
    return text(bytes);
  },
  'evaluate: writes nothing': async (stage) => {
    await stage.evaluate('put', 'evaluate-write', 'x');
    return stage.evaluate('get', 'evaluate-write');
  },
  'evaluate: an event is not told as a result': (stage) => stage.evaluate('emit', 'name', 'payload'),
  'evaluate: who calls, with attributes': (stage) => stage.evaluate('caller'),
  'evaluate: who calls another organization': async (stage) =>
    text(await stage.contract('probe', { by: 2, at: 1 }).evaluateTransaction('caller')),
  'evaluate: an administrator calls': async (stage) => {
    const contract = stage.contract('probe', { signer: stage.clients.admin(1) });
    return text(await contract.evaluateTransaction('caller'));
  },
  'evaluate: transient data reach the chaincode': async (stage) => {
    const bytes = await stage
      .contract()
      .evaluate('transient', { arguments: ['secret'], transientData: { secret: 'whisper' } });
    return text(bytes);
  },
  'evaluate: the time is that of the proposal': async (stage) => {
    const proposal = stage.contract().newProposal('time');
    const time = text(await proposal.evaluate());
    const proposed = gateway.ProposedTransaction.deserializeBinary(proposal.getBytes());
    return Date.parse(time) === timeOf(proposed).getTime();
  },
  'submit: result and code': async (stage) => {
    const { result, code } = await stage.submit('increment', ['submit-counter']);
    const again = await stage.submit('increment', ['submit-counter']);
    return [result, code, again.result, again.code];
  },
  'submit: endorsers found by the gateway': async (stage) => {
    const { result, code } = await stage.submit('increment', ['submit-by-gateway'], { endorsers: 'gateway' });
    return [result, code];
  },
  'submit: through another organization': async (stage) => {
    const { result, code } = await stage.submit('increment', ['submit-elsewhere'], { by: 2, at: 4 });
    return [result, code];
  },
  'submit: what returns nothing is empty': async (stage) =>
    (await stage.submit('put', ['submit-empty', 'x'])).result,
  'submit: what writes nothing': async (stage) => {
    const { result, code } = await stage.submit('get', ['submit-counter']);
    return [result, code];
  },
  'submit: transient data are endorsed by the named': async (stage) => {
    const transaction = await stage.submit('transient', ['secret'], { transient: { secret: 'whisper' } });
    return [transaction.result, transaction.code];
  },
  'write: a transaction does not see its own': async (stage) => {
    await stage.submit('put', ['write-own', 'before']);
    const { result, code } = await stage.submit('putAndGet', ['write-own', 'after']);
    return [result, code, await stage.evaluate('get', 'write-own')];
  },
  'write: the last of several counts': async (stage) => {
    await stage.submit('putTwice', ['write-twice', 'first', 'second']);
    return stage.evaluate('get', 'write-twice');
  },
  'write: a deletion after a write counts': async (stage) => {
    await stage.submit('putAndRemove', ['write-removed', 'x']);
    return [await stage.evaluate('get', 'write-removed'), await stage.json('history', 'write-removed')];
  },
  'write: a deleted key is gone': async (stage) => {
    await stage.submit('put', ['write-deleted', 'x']);
    const code = await stage.code('remove', ['write-deleted']);
    return [code, await stage.evaluate('get', 'write-deleted')];
  },
  'write: deleting what does not exist': (stage) => stage.code('remove', ['write-never-was']),
  'write: an empty value': async (stage) => {
    await stage.submit('put', ['write-emptied', 'x']);
    const code = await stage.code('put', ['write-emptied', '']);
    return [
      code,
      await stage.evaluate('size', 'write-emptied'),
      await stage.json('range', 'write-emptied', 'write-emptied~'),
    ];
  },
  'write: an empty key': (stage) => outcome(stage.code('put', ['', 'x'])),
  'write: a key with a zero character': async (stage) => {
    const code = await stage.code('put', ['write-\u0000-zero', 'x']);
    return [code, await stage.evaluate('get', 'write-\u0000-zero')];
  },
  'write: two keys at once': async (stage) => {
    const code = await stage.code('putBoth', ['write-both-1', 'write-both-2', 'x']);
    return [code, await stage.json('range', 'write-both-', 'write-both-~')];
  },
};

function timeOf(proposed: gateway.ProposedTransaction): Date {
  const bytes = proposed.getProposal()!.getProposalBytes_asU8();
  const header = common.Header.deserializeBinary(peer.Proposal.deserializeBinary(bytes).getHeader_asU8());
  const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
  return channelHeader.getTimestamp()!.toDate();
}

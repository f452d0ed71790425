/** Who is let in, and what is forged or stale. */
import { gateway } from '@hyperledger/fabric-protos';
import { createSigner, issueCertificate, type Signer } from 'umlauf-channel';
import { failure, failureOfSomeone, outcome } from '../failure.js';
import { CHANNEL, organization } from '../networks/network.js';
import type { Topic } from '../probe.js';
import type { CallOptions, Stage } from '../stage.js';
import { proposalAt } from '../forge.js';

const MINUTE = 60_000;

export const identities: Topic = {
  'stranger: evaluate': async (stage) => failure(evaluate(stage, { signer: await stranger() })),
  'stranger: the first endorser': async (stage) =>
    failure(stage.hold('put', ['x', 'y'], { signer: await stranger(), endorsers: 'gateway' })),
  'stranger: named endorsers': async (stage) =>
    failure(stage.hold('put', ['x', 'y'], { signer: await stranger(), endorsers: [1, 2] })),
  'impostor: a certificate from other roots': async (stage) =>
    failure(evaluate(stage, { signer: createSigner((await organization(1)).users.user!, 'Org1MSP') })),
  'impostor: a certificate under another MSP': (stage) =>
    failure(evaluate(stage, { signer: createSigner(stage.clients.material(2).users.user!, 'Org1MSP') })),
  'impostor: a certificate without a node OU': async (stage) =>
    failure(evaluate(stage, { signer: await issued(stage, ['office'], 60) })),
  'identity: a second one of the same authority': async (stage) =>
    outcome(evaluate(stage, { signer: await issued(stage, ['client', 'office'], 60) })),
  'identity: expired, evaluate': async (stage) =>
    failure(evaluate(stage, { signer: await issued(stage, ['client'], -1) })),
  'identity: expired, named endorsers': async (stage) =>
    failure(stage.hold('put', ['x', 'y'], { signer: await issued(stage, ['client'], -1) })),
  'identity: a peer as client': (stage) =>
    outcome(
      stage.code('put', ['by-peer', 'x'], {
        signer: createSigner(stage.clients.material(1).peer.signing, 'Org1MSP'),
      }),
    ),
  'identity: an orderer as client': (stage) =>
    outcome(
      stage.code('put', ['by-orderer', 'x'], {
        signer: createSigner(stage.clients.material(1).orderer.signing, 'Org1MSP'),
      }),
    ),
  'forged: the signature of an evaluation': (stage) => failure(evaluate(stage, { signer: forger(stage) })),
  'forged: the signature of a proposal': (stage) =>
    failure(stage.hold('put', ['x', 'y'], { signer: forger(stage), endorsers: 'gateway' })),
  'forged: the signature of a proposal, named endorsers': (stage) =>
    failure(stage.hold('put', ['x', 'y'], { signer: forger(stage), endorsers: [1, 2] })),
  'forged: no signature at all': (stage) =>
    failure(evaluate(stage, { signer: { ...stage.clients.user(1), sign: () => new Uint8Array() } })),
  'forged: the signature of a transaction': async (stage) => {
    const transaction = await stage.hold('put', ['forged-transaction', 'x']);
    const gatewayOf = stage.clients.gateway(1);
    return failureOfSomeone(
      gatewayOf.newSignedTransaction(transaction.getBytes(), signedElse(stage)).submit(),
    );
  },
  'forged: a transaction signed by another': async (stage) => {
    const transaction = await stage.hold('put', ['forged-signer', 'x']);
    return failureOfSomeone(stage.clients.gateway(2).newTransaction(transaction.getBytes()).submit());
  },
  'forged: the signature of a commit status request': async (stage) => {
    const submitted = await (await stage.hold('put', ['forged-status', 'x'])).submit();
    const forged = stage.clients.gateway(1).newSignedCommit(submitted.getBytes(), signedElse(stage));
    const seen = await failure(forged.getStatus());
    await stage.everywhere((await submitted.getStatus()).blockNumber);
    return seen;
  },
  'forged: a commit status request of a stranger': async (stage) => {
    const submitted = await (await stage.hold('put', ['strange-status', 'x'])).submit();
    const signer = await stranger();
    const request = new gateway.CommitStatusRequest();
    request.setChannelId(CHANNEL);
    request.setTransactionId(submitted.getTransactionId());
    request.setIdentity(signer.identity);
    const signed = new gateway.SignedCommitStatusRequest();
    signed.setRequest(request.serializeBinary());
    signed.setSignature(signer.sign(request.serializeBinary()));
    const seen = await failure(stage.clients.raw(1, '/gateway.Gateway/CommitStatus', signed));
    await stage.everywhere((await submitted.getStatus()).blockNumber);
    return seen;
  },
  'time: sixteen minutes ago, evaluate': (stage) =>
    failure(proposalAt(stage, new Date(Date.now() - 16 * MINUTE), []).evaluate()),
  'time: sixteen minutes ahead, the first endorser': (stage) =>
    failure(proposalAt(stage, new Date(Date.now() + 16 * MINUTE), []).endorse()),
  'time: sixteen minutes ago, named endorsers': (stage) =>
    failure(proposalAt(stage, new Date(Date.now() - 16 * MINUTE), ['Org2MSP', 'Org3MSP']).endorse()),
  'time: fourteen minutes ago': async (stage) => {
    const proposal = proposalAt(stage, new Date(Date.now() - 14 * MINUTE), ['Org1MSP', 'Org2MSP', 'Org3MSP']);
    return (await stage.release(await proposal.endorse())).code;
  },
};

const evaluate = async (stage: Stage, options: CallOptions): Promise<string> =>
  Buffer.from(await stage.contract('probe', options).evaluateTransaction('get', 'x')).toString();

/** An organization that the channel doesn't know. */
async function stranger(): Promise<Signer> {
  return createSigner((await organization(9)).users.user!, 'Org9MSP');
}

const signedElse = (stage: Stage): Uint8Array => stage.clients.user(1).sign(Buffer.from('something else'));

function forger(stage: Stage): Signer {
  return { ...stage.clients.user(1), sign: () => signedElse(stage) };
}

/** A certificate of the first organization's own authority. */
async function issued(stage: Stage, units: string[], minutesLeft: number): Promise<Signer> {
  const { ca, domain } = stage.clients.material(1);
  const now = Date.now();
  const keyPair = await issueCertificate(ca, {
    commonName: 'another.org1',
    organizationalUnits: units,
    organization: domain,
    use: { kind: 'signing' },
    validity: {
      notBefore: new Date(now - 4 * MINUTE),
      notAfter: new Date(now + minutesLeft * MINUTE),
    },
  });
  return createSigner(keyPair, 'Org1MSP');
}

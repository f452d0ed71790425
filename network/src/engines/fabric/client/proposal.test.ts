import { createHash, verify, X509Certificate } from 'node:crypto';
import { common, peer } from '@hyperledger/fabric-protos';
import {
  createOrganization,
  createSigner,
  decodeEnvelope,
  transactionId,
  type OrganizationMaterial,
} from 'umlauf-channel';
import { beforeAll, describe, expect, it } from 'vitest';
import { createProposal, createTransaction, type Proposal } from './proposal.js';

let material: OrganizationMaterial;
let proposal: Proposal;
const signer = () => createSigner(material.admin, material.mspId);

beforeAll(async () => {
  material = await createOrganization({ mspId: 'OwnMSP', domain: 'own.example', hosts: [], users: [] });
  proposal = createProposal(
    { channel: 'umlauf', chaincode: '_lifecycle', args: ['Do', Buffer.from([0, 255])] },
    signer(),
  );
});

const signed = (data: Uint8Array, signature: Uint8Array) =>
  verify('sha256', data, new X509Certificate(material.admin.certificate).publicKey, signature);

describe('a proposal', () => {
  it('names channel, chaincode and arguments, bytes unharmed', () => {
    const decoded = peer.Proposal.deserializeBinary(proposal.bytes);
    const payload = peer.ChaincodeProposalPayload.deserializeBinary(decoded.getPayload_asU8());
    const spec = peer.ChaincodeInvocationSpec.deserializeBinary(payload.getInput_asU8()).getChaincodeSpec()!;
    expect(spec.getChaincodeId()!.getName()).toBe('_lifecycle');
    expect(
      spec
        .getInput()!
        .getArgsList_asU8()
        .map((arg) => Buffer.from(arg).toString('hex')),
    ).toEqual(['446f', '00ff']);
    const header = common.Header.deserializeBinary(decoded.getHeader_asU8());
    const channel = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
    expect(channel.getChannelId()).toBe('umlauf');
    expect(channel.getType()).toBe(common.HeaderType.ENDORSER_TRANSACTION);
    expect(Math.abs(Date.now() - channel.getTimestamp()!.toDate().getTime())).toBeLessThan(60_000);
  });

  it('has the transaction id that nonce and creator give, and another each time', () => {
    const decoded = peer.Proposal.deserializeBinary(proposal.bytes);
    const header = common.Header.deserializeBinary(decoded.getHeader_asU8());
    const signature = common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8());
    expect(proposal.transactionId).toBe(
      transactionId(signature.getNonce_asU8(), signature.getCreator_asU8()),
    );
    const other = createProposal({ channel: 'umlauf', chaincode: '_lifecycle', args: [] }, signer());
    expect(other.transactionId).not.toBe(proposal.transactionId);
  });

  it('is signed by its creator', () => {
    expect(signed(proposal.signed.getProposalBytes_asU8(), proposal.signed.getSignature_asU8())).toBe(true);
  });
});

describe('a transaction', () => {
  const response = (endorser: string) => {
    const endorsement = new peer.Endorsement();
    endorsement.setEndorser(Buffer.from(endorser));
    const result = new peer.ProposalResponse();
    result.setPayload(Buffer.from('what was simulated'));
    result.setEndorsement(endorsement);
    return result;
  };

  it('carries what was simulated, with every endorsement, under the headers of its proposal', () => {
    const envelope = createTransaction(proposal, [response('one'), response('two')], signer());
    const { payload, channelHeader } = decodeEnvelope(envelope);
    expect(channelHeader.getTxId()).toBe(proposal.transactionId);
    const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
    const content = peer.ChaincodeActionPayload.deserializeBinary(action!.getPayload_asU8());
    expect(Buffer.from(content.getAction()!.getProposalResponsePayload_asU8()).toString()).toBe(
      'what was simulated',
    );
    const endorsers = content.getAction()!.getEndorsementsList();
    expect(endorsers.map((each) => Buffer.from(each.getEndorser_asU8()).toString())).toEqual(['one', 'two']);
  });

  it('hashes to what its endorsers signed: the same proposal, byte for byte', () => {
    const { payload } = decodeEnvelope(createTransaction(proposal, [response('one')], signer()));
    const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
    const content = peer.ChaincodeActionPayload.deserializeBinary(action!.getPayload_asU8());
    const decoded = peer.Proposal.deserializeBinary(proposal.bytes);
    const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    expect(hash(content.getChaincodeProposalPayload_asU8())).toBe(hash(decoded.getPayload_asU8()));
  });

  it('is signed by the same creator', () => {
    const envelope = createTransaction(proposal, [response('one')], signer());
    expect(signed(envelope.getPayload_asU8(), envelope.getSignature_asU8())).toBe(true);
  });
});

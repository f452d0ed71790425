/**
 * What an attacker could make who holds every key of the consortium: a transaction of a real run with other content,
 * endorsed, created, ordered and signed anew. Only the cooperative's own rules can find it.
 */
import { common, ledger, peer } from '@hyperledger/fabric-protos';
import timestamp from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { createHash } from 'node:crypto';
import { EVENT_NAME, rules, type Fact } from 'umlauf-chaincode/api';
import {
  ChannelConfig,
  blockEnvelopes,
  blockHeader,
  assembleTransaction,
  blockHeaderHash,
  configEnvelope,
  createSigner,
  decodeEnvelope,
  endorsePayload,
  lastConfigIndex,
  newBlock,
  setBlockMetadata,
  signBlock,
  transactionId,
  type BlockSigner,
  type DecodedEnvelope,
  type KeyPair,
  type Signer,
} from 'umlauf-channel';
import type { LocalOrganization } from '../../home/organizations.js';

const { KVRWSet, KVWrite, KVMetadataWrite, KVMetadataEntry } = ledger.rwset.kvrwset;
const { TRANSACTIONS_FILTER } = common.BlockMetadataIndex;

/** The content of a transaction, to be changed. */
export class Draft {
  constructor(
    /** The transaction's id; another creator changes it, wherever it is written. */
    readonly id: string,
    private readonly set: ledger.rwset.kvrwset.KVRWSet,
    /** The function called and its parameter, as the creator signed them. */
    readonly called: { name: string; input: Record<string, unknown> },
    /** What the event tells. */
    public facts: Fact[],
    /** The transaction's timestamp. */
    public at: Date,
    /** Who creates it; undefined: who did. */
    public creator?: Signer,
  ) {}

  get<T>(key: rules.Key<T>): T {
    const write = this.set.getWritesList().find((each) => each.getKey() === rules.compositeKey(key));
    if (!write) throw new Error(`the transaction doesn't write ${rules.compositeKey(key)}`);
    return JSON.parse(Buffer.from(write.getValue_asU8()).toString('utf8')) as T;
  }

  put(key: rules.Key<unknown>, value: unknown): void {
    this.putBytes(rules.compositeKey(key), Buffer.from(rules.canonicalJson(value), 'utf8'));
  }

  /** Changes the record under a key in place. */
  edit<T>(key: rules.Key<T>, change: (record: Mutable<T>) => void): void {
    const record = this.get(key);
    change(record as Mutable<T>);
    this.put(key, record);
  }

  putBytes(key: string, value: Uint8Array): void {
    const write = new KVWrite();
    write.setKey(key);
    write.setValue(value);
    this.replace(key, write);
  }

  delete(key: rules.Key<unknown>): void {
    const write = new KVWrite();
    write.setKey(rules.compositeKey(key));
    write.setIsDelete(true);
    this.replace(write.getKey(), write);
  }

  /** Changes what the first fact says. */
  tell(data: Fact['data']): void {
    this.facts = this.facts.map((fact, index) =>
      index === 0 ? { ...fact, data: { ...fact.data, ...data } } : fact,
    );
  }

  /** Leaves the write out. */
  drop(key: rules.Key<unknown>): void {
    this.replace(rules.compositeKey(key));
  }

  /** Leaves out every write of keys of a type. */
  dropAll(type: string): void {
    this.set.setWritesList(this.set.getWritesList().filter((write) => rules.typeOf(write.getKey()) !== type));
  }

  /** Gives a key a policy of its own. */
  own(key: rules.Key<unknown>, policy: Uint8Array): void {
    const entry = new KVMetadataEntry();
    entry.setName('VALIDATION_PARAMETER');
    entry.setValue(policy);
    const write = new KVMetadataWrite();
    write.setKey(rules.compositeKey(key));
    write.setEntriesList([entry]);
    const others = this.set.getMetadataWritesList().filter((each) => each.getKey() !== write.getKey());
    this.set.setMetadataWritesList([...others, write]);
  }

  /** Replaces a text in all written values. */
  replaceText(from: string, to: string): void {
    for (const write of this.set.getWritesList())
      write.setValue(Buffer.from(Buffer.from(write.getValue_asU8()).toString('utf8').replaceAll(from, to)));
  }

  private replace(key: string, write?: ledger.rwset.kvrwset.KVWrite): void {
    const others = this.set.getWritesList().filter((each) => each.getKey() !== key);
    this.set.setWritesList(write ? [...others, write] : others);
  }
}

/** A record of the ledger, to be changed; whoever forges knows which of its optional parts are there. */
export type Mutable<T> = T extends readonly (infer U)[]
  ? Mutable<U>[]
  : T extends object
    ? { -readonly [K in keyof T]-?: Mutable<Exclude<T[K], undefined>> }
    : T;

export class Forger {
  readonly #blocks: readonly Uint8Array[];
  readonly #organizations: readonly LocalOrganization[];
  /** By key: reading one takes longer than to sign with it. */
  readonly #signers = new Map<KeyPair, Signer>();

  constructor(blocks: readonly Uint8Array[], organizations: readonly LocalOrganization[]) {
    this.#blocks = blocks;
    this.#organizations = organizations;
  }

  /**
   * The chain up to the block of a transaction, with that one changed.
   * @param name as called, e.g. `resolutions:vote`
   * @param occurrence which of those that called it, from 0
   */
  transaction(name: string, occurrence: number, change: (draft: Draft) => void): Uint8Array[] {
    const { number, index } = this.#find(name, occurrence);
    return this.#upTo(number, (envelopes) =>
      envelopes.map((envelope, at) => (at === index ? this.#forge(envelope, change) : envelope)),
    );
  }

  /** The chain with a block that brings a configuration, as the consenters would make it from an update. */
  configure(update: common.Envelope, next: common.Config): Uint8Array[] {
    const [consenter] = this.consenters();
    if (!consenter) throw new Error('no consenter');
    const envelope = configEnvelope(this.config().channelId, next, update, consenter.signer);
    const header = blockHeader(this.#block(this.#blocks.length - 1));
    const number = header.getNumber() + 1;
    const block = newBlock(number, blockHeaderHash(header), [envelope.serializeBinary()]);
    return [...this.#blocks, this.#sign(block, number)];
  }

  /** The configuration in force at the end. */
  config(): ChannelConfig {
    return ChannelConfig.fromConfigBlock(this.#block(lastConfigIndex(this.#block(this.#blocks.length - 1))));
  }

  /** The consenters' keys. */
  consenters(): BlockSigner[] {
    return this.config().consenters.flatMap(({ id, mspId }) => {
      const organization = this.#organization(mspId);
      return organization ? [{ id, signer: this.#signer(organization.material.orderer.signing, mspId) }] : [];
    });
  }

  /** A block with other envelopes, ordered anew, after those before it. */
  #upTo(number: number, change: (envelopes: Uint8Array[]) => Uint8Array[]): Uint8Array[] {
    const original = this.#block(number);
    const block = newBlock(
      number,
      blockHeader(original).getPreviousHash_asU8(),
      change(blockEnvelopes(original)),
    );
    return [...this.#blocks.slice(0, number), this.#sign(block, lastConfigIndex(original))];
  }

  #sign(block: common.Block, lastConfig: number): Uint8Array {
    signBlock(block, { lastConfig }, this.consenters());
    setBlockMetadata(block, TRANSACTIONS_FILTER, Buffer.alloc(blockEnvelopes(block).length));
    return block.serializeBinary();
  }

  #find(name: string, occurrence: number): { number: number; index: number } {
    let left = occurrence;
    for (const number of this.#blocks.keys())
      for (const [index, envelope] of blockEnvelopes(this.#block(number)).entries())
        if (calledBy(envelope) === name && left-- === 0) return { number, index };
    throw new Error(`there is no transaction ${occurrence} that calls ${name}`);
  }

  #block(number: number): common.Block {
    return common.Block.deserializeBinary(this.#blocks[number] ?? new Uint8Array());
  }

  #signer(key: KeyPair, mspId: string): Signer {
    const signer = this.#signers.get(key) ?? createSigner(key, mspId);
    this.#signers.set(key, signer);
    return signer;
  }

  #organization(mspId: string): LocalOrganization | undefined {
    return this.#organizations.find(({ material }) => material.mspId === mspId);
  }

  #forge(bytes: Uint8Array, change: (draft: Draft) => void): Uint8Array {
    const parts = takeApart(bytes);
    const { action, input, rwSet, spec } = parts;
    const own = rwSet.getNsRwsetList().find((entry) => entry.getNamespace() === parts.chaincode);
    const set = KVRWSet.deserializeBinary(own?.getRwset_asU8() ?? new Uint8Array());
    const [name = '', json = '{}'] = input.getArgsList_asU8().map((arg) => Buffer.from(arg).toString('utf8'));
    const called = { name, input: JSON.parse(json) as Record<string, unknown> };
    const at = parts.envelope.channelHeader.getTimestamp()?.toDate() ?? new Date(0);
    const event = peer.ChaincodeEvent.deserializeBinary(action.getEvents_asU8());
    const facts = JSON.parse(Buffer.from(event.getPayload_asU8()).toString('utf8')) as Fact[];
    const draft = new Draft(parts.envelope.channelHeader.getTxId(), set, called, facts, at);
    change(draft);

    const { channelHeader, signatureHeader } = parts.envelope;
    const creator = draft.creator ?? this.#creator(signatureHeader.getCreator_asU8());
    signatureHeader.setCreator(creator.identity);
    const id = transactionId(signatureHeader.getNonce_asU8(), creator.identity);
    draft.replaceText(channelHeader.getTxId(), id);
    channelHeader.setTxId(id);
    channelHeader.setTimestamp(timestamp.Timestamp.fromDate(draft.at));
    input.setArgsList([Buffer.from(called.name), Buffer.from(JSON.stringify(called.input))]);
    const invocation = new peer.ChaincodeInvocationSpec();
    spec.setInput(input);
    invocation.setChaincodeSpec(spec);
    own?.setRwset(set.serializeBinary());
    action.setResults(rwSet.serializeBinary());
    event.setTxId(id);
    event.setEventName(EVENT_NAME);
    event.setPayload(Buffer.from(rules.canonicalJson(draft.facts), 'utf8'));
    action.setEvents(event.serializeBinary());
    return this.#assemble(parts, invocation.serializeBinary(), creator);
  }

  #creator(identity: Uint8Array): Signer {
    const signers = this.#organizations.flatMap(({ material }) =>
      Object.values(material.users).map((key) => this.#signer(key, material.mspId)),
    );
    const found = signers.find((signer) => Buffer.compare(signer.identity, identity) === 0);
    if (!found) throw new Error('a creator whose key is not here');
    return found;
  }

  /** Every organization's peer endorses what it is given. */
  #assemble({ envelope, action }: Parts, invocation: Uint8Array, creator: Signer): Uint8Array {
    const header = new common.Header();
    header.setChannelHeader(envelope.channelHeader.serializeBinary());
    header.setSignatureHeader(envelope.signatureHeader.serializeBinary());
    const proposal = new peer.ChaincodeProposalPayload();
    proposal.setInput(invocation);
    const response = new peer.ProposalResponsePayload();
    response.setExtension$(action.serializeBinary());
    response.setProposalHash(
      createHash('sha256')
        .update(header.getChannelHeader_asU8())
        .update(header.getSignatureHeader_asU8())
        .update(proposal.serializeBinary())
        .digest(),
    );
    const responsePayload = response.serializeBinary();
    const result = assembleTransaction({
      header,
      proposalPayload: proposal.serializeBinary(),
      responsePayload,
      endorsements: this.#organizations.map(({ material }) =>
        endorsePayload(responsePayload, this.#signer(material.peer.signing, material.mspId)),
      ),
    });
    result.setSignature(creator.sign(result.getPayload_asU8()));
    return result.serializeBinary();
  }
}

interface Parts {
  readonly envelope: DecodedEnvelope;
  readonly chaincode: string;
  readonly action: peer.ChaincodeAction;
  readonly rwSet: ledger.rwset.TxReadWriteSet;
  readonly spec: peer.ChaincodeSpec;
  readonly input: peer.ChaincodeInput;
}

function takeApart(bytes: Uint8Array): Parts {
  const envelope = decodeEnvelope(bytes);
  const [first] = peer.Transaction.deserializeBinary(envelope.payload.getData_asU8()).getActionsList();
  const payload = peer.ChaincodeActionPayload.deserializeBinary(first?.getPayload_asU8() ?? new Uint8Array());
  const response = peer.ProposalResponsePayload.deserializeBinary(
    payload.getAction()?.getProposalResponsePayload_asU8() ?? new Uint8Array(),
  );
  const action = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8());
  const proposal = peer.ChaincodeProposalPayload.deserializeBinary(
    payload.getChaincodeProposalPayload_asU8(),
  );
  const spec =
    peer.ChaincodeInvocationSpec.deserializeBinary(proposal.getInput_asU8()).getChaincodeSpec() ??
    new peer.ChaincodeSpec();
  return {
    envelope,
    chaincode: action.getChaincodeId()?.getName() ?? '',
    action,
    rwSet: ledger.rwset.TxReadWriteSet.deserializeBinary(action.getResults_asU8()),
    spec,
    input: spec.getInput() ?? new peer.ChaincodeInput(),
  };
}

/** The function that a transaction calls; undefined for a configuration. */
function calledBy(bytes: Uint8Array): string | undefined {
  if (decodeEnvelope(bytes).channelHeader.getType() !== common.HeaderType.ENDORSER_TRANSACTION)
    return undefined;
  const [name] = takeApart(bytes).input.getArgsList_asU8();
  return name && Buffer.from(name).toString('utf8');
}

/** A peer on the wire, with TLS: answers what a test tells it to, for the parts that only a real connection shows. */
import {
  Server,
  ServerCredentials,
  status as GrpcStatus,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { common, gateway as proto, msp, orderer, peer } from '@hyperledger/fabric-protos';
import type { TestCertificate } from './certificates.js';
import { channelConfig, signaturePolicy } from './fake-channel.js';
import { refused } from './refusal.js';

type HeaderType = common.HeaderTypeMap[keyof common.HeaderTypeMap];

const MEMBERS = ['ItdzBerlinMSP', 'BMSP', 'CMSP'];

/** The proposal's channel header, creator and arguments. */
function read(signed: peer.SignedProposal | undefined) {
  const proposal = peer.Proposal.deserializeBinary(signed?.getProposalBytes_asU8() ?? new Uint8Array());
  const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
  const payload = peer.ChaincodeProposalPayload.deserializeBinary(proposal.getPayload_asU8());
  const spec = peer.ChaincodeInvocationSpec.deserializeBinary(payload.getInput_asU8()).getChaincodeSpec();
  return {
    header,
    payload: proposal.getPayload_asU8(),
    chaincode: spec?.getChaincodeId()?.getName() ?? '',
    arguments: (spec?.getInput()?.getArgsList_asU8() ?? []).map((argument) =>
      Buffer.from(argument).toString(),
    ),
  };
}

function creatorOf(header: common.Header): string {
  const { SignatureHeader } = common;
  const creator = SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8()).getCreator_asU8();
  return Buffer.from(msp.SerializedIdentity.deserializeBinary(creator).getIdBytes_asU8()).toString();
}

function endorsed(header: common.Header, proposalPayload: Uint8Array, result: string): common.Envelope {
  const response = new peer.Response();
  response.setPayload(Buffer.from(result));
  const action = new peer.ChaincodeAction();
  action.setResponse(response);
  const responsePayload = new peer.ProposalResponsePayload();
  responsePayload.setExtension$(action.serializeBinary());
  const endorsedAction = new peer.ChaincodeEndorsedAction();
  endorsedAction.setProposalResponsePayload(responsePayload.serializeBinary());
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(proposalPayload);
  actionPayload.setAction(endorsedAction);
  const transactionAction = new peer.TransactionAction();
  transactionAction.setPayload(actionPayload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.addActions(transactionAction);
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(transaction.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  return envelope;
}

type BlockStream = ServerDuplexStream<common.Envelope, peer.DeliverResponse>;

/** What several peers of one channel have in common. */
class FakeChain {
  readonly #committed = new Map<string, { readonly number: number; readonly envelope: common.Envelope }>();
  readonly #listeners = new Set<(number: number, envelope: common.Envelope) => void>();
  #height = 5;

  get height(): number {
    return this.#height;
  }

  find(transactionId: string) {
    return this.#committed.get(transactionId);
  }

  /** The envelope of a block. */
  at(number: number): common.Envelope {
    const found = [...this.#committed.values()].find((each) => each.number === number);
    return found?.envelope ?? emptyEnvelope(common.HeaderType.ENDORSER_TRANSACTION);
  }

  commit(transactionId: string, envelope: common.Envelope): void {
    const number = this.#height;
    this.#height += 1;
    this.#committed.set(transactionId, { number, envelope });
    for (const tell of this.#listeners) tell(number, envelope);
  }

  onCommit(tell: (number: number, envelope: common.Envelope) => void): void {
    this.#listeners.add(tell);
  }
}

/** What the peer does; tests replace its parts. */
export class FakePeer {
  readonly endpoint: string;
  /** `Evaluate` of the chaincode answers it; `undefined` never answers. */
  answer: (transaction: string, input: string) => string | undefined = () => '{"items":[]}';
  /** What the chaincode fails with at every endorser, instead of a result. */
  refusal: string | undefined;
  /** What it fails with at single ones, by MSP id. */
  readonly refusals = new Map<string, string>();
  /** MSP ids of other members' peers from which no answer comes. */
  readonly silent = new Set<string>();
  configReads = 0;
  /** Certificates (PEM) of those who asked for endorsements, in that order. */
  readonly creators: string[] = [];
  readonly endorsers: string[][] = [];
  /** Headers of that name, of calls for endorsement and for ordering. */
  readonly traceparents: string[] = [];
  readonly #server: Server;
  /** What becomes of an envelope that is submitted: the one that gets into the block. */
  order: (envelope: common.Envelope) => common.Envelope = (envelope) => envelope;
  /** Whether whoever submits or asks for a commit never hears of it. */
  losesAnswers = false;
  /** Blocks that it is behind what the channel has. */
  behind = 0;
  /** Told when somebody submits, before anybody is answered. */
  onSubmit: () => void = () => undefined;
  readonly #blockStreams = new Set<BlockStream>();
  readonly #chain: FakeChain;

  private constructor(server: Server, port: number, chain: FakeChain) {
    this.#server = server;
    this.#chain = chain;
    chain.onCommit((number, envelope) => {
      if (this.losesAnswers || this.behind > 0) return;
      for (const stream of this.#blockStreams) stream.write(delivered(number, envelope));
    });
    this.endpoint = `localhost:${port}`;
  }

  /**
   * @param other One of the same channel.
   * @param endpoint Where it is, if somebody expects it there.
   */
  static async start(
    { certificate, privateKey }: TestCertificate,
    other?: FakePeer,
    endpoint = 'localhost:0',
  ): Promise<FakePeer> {
    const server = new Server();
    const credentials = ServerCredentials.createSsl(null, [
      { cert_chain: Buffer.from(certificate), private_key: Buffer.from(privateKey) },
    ]);
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync(endpoint.replace('localhost', '127.0.0.1'), credentials, (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    const fake = new FakePeer(server, port, other ? other.#chain : new FakeChain());
    server.addService(proto.GatewayService, {
      evaluate: fake.#evaluate,
      endorse: fake.#endorse,
      submit: (
        { request, metadata }: ServerUnaryCall<proto.SubmitRequest, proto.SubmitResponse>,
        done: sendUnaryData<proto.SubmitResponse>,
      ) => {
        fake.traceparents.push(...metadata.get('traceparent').map(String));
        const envelope = request.getPreparedTransaction() ?? new common.Envelope();
        fake.#chain.commit(request.getTransactionId(), fake.order(envelope));
        fake.onSubmit();
        if (!fake.losesAnswers) done(null, new proto.SubmitResponse());
      },
      commitStatus: fake.#commitStatus,
      chaincodeEvents: (_call: ServerWritableStream<unknown, unknown>) => undefined,
    });
    server.addService(peer.DeliverService, {
      deliver: fake.#deliver,
      deliverFiltered: unimplemented,
      deliverWithPrivateData: unimplemented,
    });
    return fake;
  }

  /** Commits a new configuration. */
  addConfig(): void {
    this.#chain.commit('', emptyEnvelope(common.HeaderType.CONFIG));
  }

  /** How many blocks it has. */
  get height(): number {
    return this.#chain.height - this.behind;
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  readonly #evaluate = (
    { request }: ServerUnaryCall<proto.EvaluateRequest, proto.EvaluateResponse>,
    done: sendUnaryData<proto.EvaluateResponse>,
  ): void => {
    const asked = request.getTargetOrganizationsList();
    if (asked.some((mspId) => this.silent.has(mspId))) return;
    const {
      chaincode,
      arguments: [transaction = '', input = '', third = ''],
    } = read(request.getProposedTransaction());
    const refusal = this.#refusalOf(asked);
    if (refusal && chaincode === 'umlauf') {
      done(refused('evaluate', ...refusal));
      return;
    }
    const payload = this.#payload(chaincode, transaction, input, third);
    if (payload === undefined) return;
    if (payload === 'unknown') {
      const message = `chaincode response 500, no such transaction ID [${third}] in index`;
      done({ code: GrpcStatus.UNKNOWN, message });
      return;
    }
    const response = new peer.Response();
    response.setPayload(payload);
    const answer = new proto.EvaluateResponse();
    answer.setResult(response);
    done(null, answer);
  };

  #payload(
    chaincode: string,
    transaction: string,
    input: string,
    third: string,
  ): Uint8Array | 'unknown' | undefined {
    if (chaincode === 'cscc') {
      this.configReads += 1;
      return channelConfig(MEMBERS, signaturePolicy(2, MEMBERS));
    }
    if (chaincode === 'qscc' && transaction !== 'GetChainInfo') {
      const found = this.#chain.find(third);
      if (!found) return 'unknown';
      return transaction === 'GetBlockByTxID'
        ? blockOf(found.number, found.envelope).serializeBinary()
        : processed(found.envelope);
    }
    if (chaincode === 'qscc') {
      const info = new common.BlockchainInfo();
      info.setHeight(this.height);
      return info.serializeBinary();
    }
    const answer = this.answer(transaction, input);
    return answer === undefined ? undefined : Buffer.from(answer);
  }

  /** Who of those asked fails, and with what. */
  #refusalOf(asked: readonly string[]): [readonly string[], string] | undefined {
    if (this.refusal !== undefined) return [asked, this.refusal];
    const failing = asked.find((mspId) => this.refusals.has(mspId));
    return failing === undefined ? undefined : [[failing], this.refusals.get(failing) ?? ''];
  }

  readonly #endorse = (
    { request, metadata }: ServerUnaryCall<proto.EndorseRequest, proto.EndorseResponse>,
    done: sendUnaryData<proto.EndorseResponse>,
  ): void => {
    this.traceparents.push(...metadata.get('traceparent').map(String));
    const asked = request.getEndorsingOrganizationsList();
    this.endorsers.push(asked);
    const refusal = this.#refusalOf(asked);
    if (refusal) {
      done(refused('endorse', ...refusal));
      return;
    }
    const {
      header,
      payload,
      arguments: [, input = ''],
    } = read(request.getProposedTransaction());
    this.creators.push(creatorOf(header));
    const response = new proto.EndorseResponse();
    response.setPreparedTransaction(endorsed(header, payload, input));
    done(null, response);
  };

  readonly #commitStatus = (
    { request }: ServerUnaryCall<proto.SignedCommitStatusRequest, proto.CommitStatusResponse>,
    done: sendUnaryData<proto.CommitStatusResponse>,
  ): void => {
    const asked = proto.CommitStatusRequest.deserializeBinary(request.getRequest_asU8());
    const found = this.#chain.find(asked.getTransactionId());
    // As Fabric does for an id that never commits.
    if (!found || this.losesAnswers) return;
    const response = new proto.CommitStatusResponse();
    response.setBlockNumber(found.number);
    done(null, response);
  };

  readonly #deliver = (stream: BlockStream): void => {
    stream.on('data', (asked: common.Envelope) => {
      this.#blockStreams.add(stream);
      for (let number = startOf(asked); number < this.height; number += 1)
        stream.write(delivered(number, this.#chain.at(number)));
    });
    const end = () => this.#blockStreams.delete(stream);
    stream.on('end', end).on('cancelled', end).on('error', end);
  };
}

/** The block that a stream is to begin with. */
function startOf(asked: common.Envelope): number {
  const payload = common.Payload.deserializeBinary(asked.getPayload_asU8());
  return (
    orderer.SeekInfo.deserializeBinary(payload.getData_asU8()).getStart()?.getSpecified()?.getNumber() ?? 0
  );
}

function emptyEnvelope(type: HeaderType): common.Envelope {
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(type);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  return envelope;
}

function blockOf(number: number, envelope: common.Envelope): common.Block {
  const header = new common.BlockHeader();
  header.setNumber(number);
  const data = new common.BlockData();
  data.addData(envelope.serializeBinary());
  const metadata = new common.BlockMetadata();
  metadata.setMetadataList([new Uint8Array(), new Uint8Array(), Uint8Array.of(peer.TxValidationCode.VALID)]);
  const block = new common.Block();
  block.setHeader(header);
  block.setData(data);
  block.setMetadata(metadata);
  return block;
}

function delivered(number: number, envelope: common.Envelope): peer.DeliverResponse {
  const response = new peer.DeliverResponse();
  response.setBlock(blockOf(number, envelope));
  return response;
}

function processed(envelope: common.Envelope): Uint8Array {
  const transaction = new peer.ProcessedTransaction();
  transaction.setTransactionenvelope(envelope);
  return transaction.serializeBinary();
}

function unimplemented(call: { emit(event: 'error', error: object): boolean }): void {
  call.emit('error', { code: GrpcStatus.UNIMPLEMENTED });
}

/**
 * One organization's endorser (Fabric: core/endorser): checks a proposal, runs it against the ledger, signs the
 * result. Each organization does all of this by itself; that two come to different results is what shows that a
 * chaincode isn't deterministic.
 */
import { peer } from '@hyperledger/fabric-protos';
import type { ChannelConfig, Signer } from 'umlauf-channel';
import type { ChaincodeSupport } from '../chaincode/support.js';
import type { Invocation } from '../chaincode/transaction-context.js';
import type { Ledger } from '../ledger/ledger.js';
import { Simulator } from '../ledger/simulator.js';
import type { ChaincodeDirectory } from '../lifecycle/directory.js';
import { OwnSignatures } from '../protocol/signatures.js';
import { checkAcl, signedDataOf } from '../system/acl.js';
import { reasonOf, SYSTEM_VERSION } from '../system/system-chaincodes.js';
import type { SystemChaincodes } from '../system/system-chaincodes.js';
import { checkExpiry, checkProposal, checkTimeWindow, ProposalError } from './checks.js';
import { chaincodeInterest } from './interest.js';
import { ProposalFormatError, unpackProposal } from './proposal.js';
import type { UnpackedProposal } from './proposal.js';
import { errorResponse, responsePayload } from './response.js';
import type { Simulated } from './response.js';
import type { TransientStore } from './transient-store.js';

/** From here on a response is an error and isn't endorsed (shim.ERRORTHRESHOLD). */
const ERROR_THRESHOLD = 400;
const ERROR = 500;

export interface EndorserOptions {
  readonly signer: Signer;
  readonly ledger: Ledger;
  readonly config: () => ChannelConfig;
  readonly directory: ChaincodeDirectory;
  readonly support: ChaincodeSupport;
  readonly system: SystemChaincodes;
  readonly transient: TransientStore;
}

export class Endorser {
  readonly #options: EndorserOptions;
  readonly #signatures = new OwnSignatures();

  constructor(options: EndorserOptions) {
    this.#options = options;
  }

  /**
   * @throws FilterError, ProposalFormatError or ProposalError where a real peer answers with an error; what goes
   * wrong later comes back as a response with a status
   */
  async processProposal(signed: peer.SignedProposal): Promise<peer.ProposalResponse> {
    const proposal = unpackProposal(signed);
    checkExpiry(proposal, this.#options.config(), Date.now());
    checkTimeWindow(proposal, Date.now());
    if (proposal.channelHeader.getChannelId() !== this.#options.ledger.channelId) {
      return this.#elsewhere(proposal);
    }
    this.#preProcess(proposal);
    try {
      return this.#endorse(proposal, await this.#simulate(proposal));
    } catch (error) {
      return errorResponse(reasonOf(error));
    }
  }

  #elsewhere({ channelHeader }: UnpackedProposal): peer.ProposalResponse {
    const channel = channelHeader.getChannelId();
    if (channel === '') {
      throw new ProposalFormatError(
        'UNIMPLEMENTED: proposals without a channel are not supported by the embedded network',
      );
    }
    return errorResponse(`channel '${channel}' not found`);
  }

  #preProcess(proposal: UnpackedProposal): void {
    const { ledger, config, system } = this.#options;
    checkProposal(proposal, config());
    const id = proposal.channelHeader.getTxId();
    if (ledger.transaction(id) !== undefined) {
      const creator = Buffer.from(proposal.signatureHeader.getCreator_asU8()).toString('hex');
      throw new ProposalError(`duplicate transaction found [${id}]. Creator [${creator}]`);
    }
    // System chaincodes check access by themselves.
    if (system.has(proposal.chaincodeName)) return;
    try {
      checkAcl('peer/Propose', config(), signedDataOf(proposal));
    } catch (error) {
      throw new ProposalError(reasonOf(error), { cause: error });
    }
  }

  async #simulate(proposal: UnpackedProposal): Promise<Simulated> {
    const { ledger } = this.#options;
    const { chaincodeName: name, channelHeader } = proposal;
    const base = { proposal, transactionId: channelHeader.getTxId(), channelId: ledger.channelId };
    if (name === 'qscc' || name === 'cscc') {
      const ran = await this.#run({ ...base, simulator: undefined });
      return { ...ran, version: SYSTEM_VERSION, results: new Uint8Array(), interest: undefined };
    }
    const view = ledger.view();
    try {
      const simulator = new Simulator(view, base.transactionId);
      const version = this.#version(name, simulator);
      const ran = await this.#run({ ...base, simulator });
      return { ...ran, version, ...this.#results(base.transactionId, simulator) };
    } finally {
      view.close();
    }
  }

  #version(name: string, simulator: Simulator): string {
    if (this.#options.system.has(name)) return SYSTEM_VERSION;
    try {
      return this.#options.directory.endorsementInfo(name, simulator).version;
    } catch (error) {
      throw new Error(
        `make sure the chaincode ${name} has been successfully defined on channel ${this.#options.ledger.channelId} and try again: ${reasonOf(error)}`,
        { cause: error },
      );
    }
  }

  async #run(invocation: Invocation): Promise<{ response: peer.Response; event: Uint8Array }> {
    const { proposal, transactionId } = invocation;
    let message: peer.ChaincodeMessage;
    try {
      message = await this.#options.support.invoke(invocation, proposal.chaincodeName, proposal.input);
    } catch (error) {
      throw new Error(
        `error in simulation: failed to execute transaction ${transactionId}: ${reasonOf(error)}`,
        {
          cause: error,
        },
      );
    }
    if (message.getType() !== peer.ChaincodeMessage.Type.COMPLETED) {
      const text = Buffer.from(message.getPayload_asU8()).toString('utf8');
      throw new Error(`error in simulation: transaction returned with failure: ${text}`);
    }
    const response = peer.Response.deserializeBinary(message.getPayload_asU8());
    const event = message.getChaincodeEvent();
    if (event === undefined || response.getStatus() >= ERROR_THRESHOLD) {
      return { response, event: new Uint8Array() };
    }
    event.setChaincodeId(proposal.chaincodeName);
    event.setTxId(transactionId);
    return { response, event: event.serializeBinary() };
  }

  #results(transactionId: string, simulator: Simulator): Pick<Simulated, 'results' | 'interest'> {
    const { publicSet, privateSet, namespaces } = simulator.results();
    if (privateSet !== undefined) this.#options.transient.add(transactionId, privateSet);
    return {
      results: publicSet.serializeBinary(),
      interest: chaincodeInterest(namespaces, simulator.writtenKeys, (name) =>
        this.#options.system.has(name),
      ),
    };
  }

  /** A response below 400 is signed: payload and endorser's identity together. */
  #endorse(proposal: UnpackedProposal, simulated: Simulated): peer.ProposalResponse {
    const { response } = simulated;
    const result = new peer.ProposalResponse();
    result.setResponse(response);
    const status = response.getStatus();
    if (status >= ERROR_THRESHOLD && status < ERROR) return result;
    const payload = responsePayload(proposal, simulated);
    result.setPayload(payload);
    if (simulated.interest !== undefined) result.setInterest(simulated.interest);
    if (status >= ERROR) return result;
    const { signer } = this.#options;
    const data = Buffer.concat([payload, signer.identity]);
    const signature = signer.sign(data);
    this.#signatures.made(signer.identity, this.#options.config(), data, signature);
    const endorsement = new peer.Endorsement();
    endorsement.setEndorser(signer.identity);
    endorsement.setSignature(signature);
    result.setVersion(1);
    result.setEndorsement(endorsement);
    return result;
  }
}

/** `cscc`: the channel's configuration (Fabric: core/scc/cscc). Joining is done through the network's own interface. */
import { peer } from '@hyperledger/fabric-protos';
import type { common } from '@hyperledger/fabric-protos';
import type { ChannelConfig } from 'umlauf-channel';
import type { Invocation } from '../chaincode/transaction-context.js';
import { checkAcl, checkLocalAcl, signedDataOf } from './acl.js';
import { argumentText, failure, reasonOf, success } from './system-chaincodes.js';
import type { SystemChaincode } from './system-chaincodes.js';

const ELSEWHERE = new Set(['JoinChain', 'JoinChainBySnapshot', 'JoinBySnapshotStatus']);
/** Of the peer, not of one channel. */
const CHANNELS = 'GetChannels';

export interface ConfigSource {
  /** Of the peer's own organization. */
  readonly mspId: string;
  readonly config: () => ChannelConfig;
  /** The block that holds it. */
  readonly configBlock: () => common.Block;
}

export function cscc({ mspId, config, configBlock }: ConfigSource): SystemChaincode {
  return ({ proposal }: Invocation, args) => {
    const name = argumentText(args[0]);
    if (args.length < 1 || (args.length < 2 && !ELSEWHERE.has(name) && name !== CHANNELS)) {
      return failure(`Incorrect number of arguments, ${args.length}`);
    }
    if (proposal.chaincodeName !== 'cscc') {
      return failure(
        `Rejecting invoke of CSCC from another chaincode, original invocation for '${proposal.chaincodeName}'`,
      );
    }
    if (ELSEWHERE.has(name)) {
      return failure(`UNIMPLEMENTED: cscc.${name} is not supported by the embedded network`);
    }
    if (name === CHANNELS) return channels(mspId, config(), proposal);
    if (name !== 'GetChannelConfig' && name !== 'GetConfigBlock') {
      return failure(`Requested function ${name} not found.`);
    }
    const channel = argumentText(args[1]);
    if (name === 'GetChannelConfig' && channel === '') return failure('empty channel name provided');
    const current = config();
    if (channel !== current.channelId) {
      // On a real peer the access check comes first and fails for want of the channel's policies.
      return failure(
        `access denied for [${name}][${channel}]: Failed to get policy manager for channel [${channel}]`,
      );
    }
    try {
      checkAcl(`cscc/${name}`, current, signedDataOf(proposal));
    } catch (error) {
      return failure(`access denied for [${name}][${channel}]: ${reasonOf(error)}`);
    }
    return success((name === 'GetChannelConfig' ? current.config : configBlock()).serializeBinary());
  };
}

/** The channels that the peer has joined: this one. */
function channels(mspId: string, config: ChannelConfig, proposal: Invocation['proposal']): peer.Response {
  try {
    checkLocalAcl(`cscc/${CHANNELS}`, mspId, config, signedDataOf(proposal));
  } catch (error) {
    return failure(`access denied for [${CHANNELS}]: ${reasonOf(error)}`);
  }
  const info = new peer.ChannelInfo();
  info.setChannelId(config.channelId);
  const response = new peer.ChannelQueryResponse();
  response.setChannelsList([info]);
  return success(response.serializeBinary());
}

/** `cscc`: the channel's configuration (Fabric: core/scc/cscc). Joining is done through the network's own interface. */
import type { common } from '@hyperledger/fabric-protos';
import type { ChannelConfig } from 'umlauf-channel';
import type { Invocation } from '../chaincode/transaction-context.js';
import { checkAcl, signedDataOf } from './acl.js';
import { argumentText, failure, reasonOf, success } from './system-chaincodes.js';
import type { SystemChaincode } from './system-chaincodes.js';

const ELSEWHERE = new Set(['JoinChain', 'JoinChainBySnapshot', 'JoinBySnapshotStatus', 'GetChannels']);

export interface ConfigSource {
  readonly config: () => ChannelConfig;
  /** The block that holds it. */
  readonly configBlock: () => common.Block;
}

export function cscc({ config, configBlock }: ConfigSource): SystemChaincode {
  return ({ proposal }: Invocation, args) => {
    const name = argumentText(args[0]);
    if (args.length < 1 || (args.length < 2 && !ELSEWHERE.has(name))) {
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

import { common, peer } from '@hyperledger/fabric-protos';
import {
  QueryChaincodeDefinitionArgs,
  QueryChaincodeDefinitionResult,
} from '@hyperledger/fabric-protos/lib/peer/lifecycle/lifecycle_pb';
import type { Context } from 'fabric-contract-api';
import type { Network } from '../domain/call';

type Stub = Context['stub'];
const OK = 200;

/**
 * The channel's organizations as Fabric's chaincode lifecycle lists them: the approvals of this chaincode's committed
 * definition name exactly the organizations of the channel's configuration, each false until it has approved.
 */
export class LifecycleNetwork implements Network {
  constructor(private readonly stub: Stub) {}

  async organizations(): Promise<ReadonlyMap<string, boolean>> {
    const query = new QueryChaincodeDefinitionArgs();
    query.setName(ownName(this.stub));
    // The shim takes texts; a short ASCII name in protobuf is valid UTF-8, so nothing is lost on the way.
    const argument = Buffer.from(query.serializeBinary()).toString('utf8');
    const { status, message, payload } = await this.stub.invokeChaincode(
      '_lifecycle',
      ['QueryChaincodeDefinition', argument],
      this.stub.getChannelID(),
    );
    if (status !== OK || !payload)
      throw new Error(`the chaincode lifecycle answered ${status}: ${message ?? ''}`);
    const approvals = QueryChaincodeDefinitionResult.deserializeBinary(payload).getApprovalsMap();
    // The map's entries come in random order.
    return new Map([...approvals.getEntryList()].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** The name under which this chaincode was called, from the signed proposal's header. */
function ownName(stub: Stub): string {
  const header = stub.getSignedProposal().proposal.header.channelHeader as unknown as InstanceType<
    typeof common.ChannelHeader
  >;
  const extension = peer.ChaincodeHeaderExtension.deserializeBinary(header.getExtension_asU8());
  const name = extension.getChaincodeId()?.getName();
  if (!name) throw new Error('the proposal names no chaincode');
  return name;
}

/** What the channel's configuration tells clients: its organizations' MSPs and where their orderers are. */
import { discovery, msp } from '@hyperledger/fabric-protos';
import type { ChannelConfig } from 'umlauf-channel';

export function configResult({ config, ordererOrganizations }: ChannelConfig): discovery.ConfigResult {
  const result = new discovery.ConfigResult();
  const groups = config.getChannelGroup()?.getGroupsMap();
  for (const part of ['Orderer', 'Application'])
    groups
      ?.get(part)
      ?.getGroupsMap()
      .forEach((organization) => {
        const value = organization.getValuesMap().get('MSP')?.getValue_asU8() ?? new Uint8Array();
        const definition = msp.FabricMSPConfig.deserializeBinary(
          msp.MSPConfig.deserializeBinary(value).getConfig_asU8(),
        );
        result.getMspsMap().set(definition.getName(), definition);
      });
  for (const { mspId, ordererEndpoints } of ordererOrganizations.values())
    result.getOrderersMap().set(mspId, endpoints(ordererEndpoints));
  return result;
}

function endpoints(addresses: readonly string[]): discovery.Endpoints {
  const list = new discovery.Endpoints();
  for (const address of addresses) {
    const [, host = '', port = ''] = /^\[?([^\]]*)\]?:(\d+)$/.exec(address) ?? [];
    // As Fabric does with one that is none.
    if (host === '') continue;
    const endpoint = new discovery.Endpoint();
    endpoint.setHost(host);
    endpoint.setPort(Number(port));
    list.addEndpoint(endpoint);
  }
  return list;
}

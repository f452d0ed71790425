/** Who has approved a committed definition, told from the public state alone. */
import { createHash } from 'node:crypto';
import type { ChannelConfig } from 'umlauf-channel';
import type { StateReader } from '../ledger/view.js';
import { LIFECYCLE, lifecycleState, NAMESPACES, parametersRecord, readDefinition } from './definition.js';
import { approvalName } from './directory.js';
import { implicitCollection } from './implicit-collection.js';
import { isSerialized } from './serializer.js';

/** Each organization of the channel by MSP id; undefined if the chaincode is not defined. */
export function organizationApprovals(
  chaincode: string,
  config: ChannelConfig,
  state: Pick<StateReader, 'get' | 'getHash'>,
): ReadonlyMap<string, boolean> | undefined {
  const definition = readDefinition(chaincode, lifecycleState(state));
  if (definition === undefined) return undefined;
  const record = parametersRecord(definition);
  const name = approvalName(chaincode, definition.sequence);
  return new Map(
    [...config.organizations.keys()].map((mspId) => {
      const hash = (key: string): Uint8Array | undefined =>
        state.getHash(LIFECYCLE, implicitCollection(mspId), createHash('sha256').update(key).digest())?.value;
      return [mspId, isSerialized(NAMESPACES, name, record, { hash }).matches];
    }),
  );
}

/** What a transaction called, and the event that it set. */
import { peer } from '@hyperledger/fabric-protos';
import type { ValidatedTransaction } from 'umlauf-embedded';
import { readAsked, type Act, type Asked } from './act.js';

export interface Invocation extends Pick<Act, 'event'> {
  /** The chaincode that endorsers ran. */
  readonly chaincode: string;
  readonly asked: Asked;
}

/** Undefined for what is no call of a chaincode. */
export function invocationOf({ action }: ValidatedTransaction): Invocation | undefined {
  if (!action) return undefined;
  const endorsed = peer.ChaincodeAction.deserializeBinary(action.extension);
  const set = endorsed.getEvents_asU8();
  const event = set.length > 0 ? peer.ChaincodeEvent.deserializeBinary(set) : undefined;
  return {
    chaincode: endorsed.getChaincodeId()?.getName() ?? '',
    asked: askedOf(action.proposalPayload),
    ...(event && {
      event: {
        name: event.getEventName(),
        payload: Buffer.from(event.getPayload_asU8()).toString('utf8'),
      },
    }),
  };
}

/** The proposal that the creator signed. */
function askedOf(payload: Uint8Array): Asked {
  const input = peer.ChaincodeProposalPayload.deserializeBinary(payload).getInput_asU8();
  const spec = peer.ChaincodeInvocationSpec.deserializeBinary(input).getChaincodeSpec();
  return readAsked(spec?.getInput()?.getArgsList_asU8() ?? []);
}

import { common, orderer } from '@hyperledger/fabric-protos';
import { createEnvelope, type Signer } from 'umlauf-channel';

/** A place in a channel's chain of blocks: by number, or one of its ends as they are when asked. */
export type Position = number | 'oldest' | 'newest';

/** Asks a Deliver service for blocks; it waits for those that are yet to come. */
export function seekEnvelope(
  channel: string,
  signer: Signer,
  { from, to }: { readonly from: Position; readonly to: Position },
): common.Envelope {
  const info = new orderer.SeekInfo();
  info.setStart(position(from));
  info.setStop(position(to));
  info.setBehavior(orderer.SeekInfo.SeekBehavior.BLOCK_UNTIL_READY);
  return createEnvelope(
    { type: common.HeaderType.DELIVER_SEEK_INFO, channelId: channel, data: info.serializeBinary() },
    signer,
  );
}

function position(at: Position): orderer.SeekPosition {
  const result = new orderer.SeekPosition();
  if (at === 'oldest') result.setOldest(new orderer.SeekOldest());
  else if (at === 'newest') result.setNewest(new orderer.SeekNewest());
  else {
    const specified = new orderer.SeekSpecified();
    specified.setNumber(at);
    result.setSpecified(specified);
  }
  return result;
}

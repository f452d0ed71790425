/** The peer's Deliver service: blocks from a position on, as they are or filtered (Fabric: common/deliver). */
import { common, orderer } from '@hyperledger/fabric-protos';
import type { ChannelConfig, SignedData } from 'umlauf-channel';
import { blocksFrom } from '../ledger/blocks.js';
import type { Ledger } from '../ledger/ledger.js';
import { Status } from '../protocol/codes.js';
import { openEnvelope } from '../protocol/envelope.js';
import type { OpenedEnvelope } from '../protocol/envelope.js';
import { hasExpired } from '../protocol/signatures.js';
import { checkAcl } from '../system/acl.js';

export interface DeliverContext {
  readonly ledger: Ledger;
  readonly config: () => ChannelConfig;
  /** Whether this peer's organization is (still) on the channel. */
  readonly isMember: () => boolean;
  /** What reading needs: `event/Block` or `event/FilteredBlock`. */
  readonly resource: string;
}

const TIME_WINDOW_MS = 15 * 60 * 1000;

/** Yields the blocks that a request seeks; returns the status that ends it. */
export async function* deliver(
  envelope: common.Envelope,
  context: DeliverContext,
  cancelled: AbortSignal,
): AsyncGenerator<common.Block, Status, undefined> {
  const opened = open(envelope);
  if (opened === undefined) return Status.BAD_REQUEST;
  const { ledger } = context;
  if (opened.channelHeader.getChannelId() !== ledger.channelId) return Status.NOT_FOUND;
  const seek = parseSeek(opened.data);
  if (seek === undefined) return Status.BAD_REQUEST;
  const creator = opened.signatureHeader.getCreator_asU8();
  if (hasExpired(creator, context.config(), new Date())) return Status.BAD_REQUEST;
  const access = new Access(opened, context);
  if (!access.granted()) return Status.FORBIDDEN;
  const range = seekRange(seek, ledger);
  if (range === undefined) return Status.BAD_REQUEST;
  if (range === 'not-found') return Status.NOT_FOUND;
  const failIfNotReady = seek.getBehavior() === orderer.SeekInfo.SeekBehavior.FAIL_IF_NOT_READY;
  if (failIfNotReady && range.start > ledger.height - 1) return Status.NOT_FOUND;
  for await (const block of blocksFrom(ledger, range.start, cancelled)) {
    // The right to read may have gone with a new configuration.
    if (!access.granted()) return Status.FORBIDDEN;
    yield block;
    const number = block.getHeader()?.getNumber() ?? 0;
    if (number === range.stop) return Status.SUCCESS;
    if (failIfNotReady && number + 1 > ledger.height - 1) return Status.NOT_FOUND;
  }
  return Status.INTERNAL_SERVER_ERROR;
}

function open(envelope: common.Envelope): OpenedEnvelope | undefined {
  try {
    const opened = openEnvelope(envelope);
    const time = opened.channelHeader.getTimestamp()?.toDate().getTime();
    if (time === undefined || Math.abs(Date.now() - time) > TIME_WINDOW_MS) return undefined;
    return opened;
  } catch {
    return undefined;
  }
}

function parseSeek(data: Uint8Array): orderer.SeekInfo | undefined {
  try {
    return orderer.SeekInfo.deserializeBinary(data);
  } catch {
    return undefined;
  }
}

/** Evaluates the right to read, anew whenever the channel's configuration has changed. */
class Access {
  readonly #signed: SignedData;
  readonly #context: DeliverContext;
  #sequence = -1;

  constructor({ signatureHeader, payloadBytes, signature }: OpenedEnvelope, context: DeliverContext) {
    this.#signed = { identity: signatureHeader.getCreator_asU8(), data: payloadBytes, signature };
    this.#context = context;
  }

  granted(): boolean {
    const config = this.#context.config();
    if (!this.#context.isMember()) return false;
    if (config.sequence === this.#sequence) return true;
    try {
      checkAcl(this.#context.resource, config, this.#signed);
      this.#sequence = config.sequence;
      return true;
    } catch {
      return false;
    }
  }
}

const { TypeCase } = orderer.SeekPosition;

function seekRange(
  seek: orderer.SeekInfo,
  ledger: Ledger,
): { start: number; stop: number } | 'not-found' | undefined {
  const [from, to] = [seek.getStart(), seek.getStop()];
  if (from === undefined || to === undefined) return undefined;
  const newest = ledger.height - 1;
  const start = startOf(from, ledger);
  if (start === undefined) return 'not-found';
  switch (to.getTypeCase()) {
    case TypeCase.OLDEST:
      return { start, stop: start };
    case TypeCase.NEWEST:
      return { start, stop: from.getTypeCase() === TypeCase.NEWEST ? start : newest };
    case TypeCase.SPECIFIED: {
      const stop = to.getSpecified()?.getNumber() ?? 0;
      return stop < start ? undefined : { start, stop };
    }
    default:
      // A stop of another kind counts as block 0: from any later start on there is no end.
      return { start, stop: 0 };
  }
}

/** A block beyond the next one can't be sought. */
function startOf(position: orderer.SeekPosition, ledger: Ledger): number | undefined {
  switch (position.getTypeCase()) {
    case TypeCase.OLDEST:
      return 0;
    case TypeCase.NEWEST:
      return ledger.height - 1;
    case TypeCase.NEXT_COMMIT:
      return ledger.height;
    case TypeCase.SPECIFIED: {
      const number = position.getSpecified()?.getNumber() ?? 0;
      return number > ledger.height ? undefined : number;
    }
    default:
      return undefined;
  }
}

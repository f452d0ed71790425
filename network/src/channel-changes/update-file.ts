/** The file in which an update of the channel's configuration travels between members, gathering signatures. */
import { common } from '@hyperledger/fabric-protos';
import { z } from 'zod';
import { readExchanged, writeExchanged } from '../home/exchanged-file.js';
import { UserError } from '../user-error.js';

const FORMAT = 'umlauf.config-update';
const VERSION = 1;
/** An update that rewrites the policies of hundreds of organizations stays far below. */
const MOST_BYTES = 16 * 1024 * 1024;

const Base64 = z.base64().min(1);

const UpdateFile = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  /** For people alone, as is `summary`: whoever signs or sends is shown what the update's own bytes say. */
  channel: z.string(),
  summary: z.array(z.string()),
  /** A serialized `common.ConfigUpdate`: what is signed. */
  update: Base64,
  /** Serialized `common.ConfigSignature`s. */
  signatures: z.array(Base64).max(1000),
});

/** An update with the signatures on it. */
export interface SignedUpdate {
  readonly channel: string;
  readonly summary: readonly string[];
  readonly update: Uint8Array;
  readonly signatures: readonly common.ConfigSignature[];
}

/**
 * Reads a file that `writeUpdate` wrote. What it says of itself is not believed.
 * @throws UserError naming the file and what is wrong with it
 */
export function readUpdate(file: string): SignedUpdate {
  const { channel, summary, update, signatures } = readExchanged(file, {
    schema: UpdateFile,
    kind: 'update',
    mostBytes: MOST_BYTES,
  });
  return {
    channel,
    summary,
    update: Buffer.from(update, 'base64'),
    signatures: signatures.map((signature, index) => {
      try {
        return common.ConfigSignature.deserializeBinary(Buffer.from(signature, 'base64'));
      } catch {
        throw new UserError(`${file}: signature ${index + 1} is malformed`);
      }
    }),
  };
}

export function writeUpdate(file: string, { channel, summary, update, signatures }: SignedUpdate): void {
  const content: z.infer<typeof UpdateFile> = {
    format: FORMAT,
    version: VERSION,
    channel,
    summary: [...summary],
    update: base64(update),
    signatures: signatures.map((signature) => base64(signature.serializeBinary())),
  };
  writeExchanged(file, content);
}

/**
 * Puts together the signatures that were made on copies of one update.
 * @throws UserError if the files hold different updates
 */
export function mergeUpdates(files: readonly string[]): SignedUpdate {
  const [first, ...rest] = files.map((file) => ({ file, ...readUpdate(file) }));
  if (!first) throw new UserError('no file was given');
  const stranger = rest.find(({ update }) => !Buffer.from(update).equals(first.update));
  if (stranger)
    throw new UserError(
      `${stranger.file}: holds another update than ${first.file}: signatures count for one update only`,
    );
  const { file: _, ...merged } = first;
  return { ...merged, signatures: [first, ...rest].flatMap(({ signatures }) => signatures) };
}

/** The same without an organization's earlier signature, and with a new one. */
export function withSignature(signed: SignedUpdate, signature: common.ConfigSignature): SignedUpdate {
  const creator = creatorOf(signature);
  const others = signed.signatures.filter((other) => creatorOf(other) !== creator);
  return { ...signed, signatures: [...others, signature] };
}

function creatorOf(signature: common.ConfigSignature): string {
  try {
    const header = common.SignatureHeader.deserializeBinary(signature.getSignatureHeader_asU8());
    return base64(header.getCreator_asU8());
  } catch {
    return '';
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/**
 * The small value types that every record and every input is made of.
 *
 * Everything that enters the ledger passes through one of these schemas, inside the contract: the decorators of
 * fabric-contract-api check types only weakly (required fields and extra fields pass).
 */
import { z } from 'zod';
import { compareDurations } from './time';

/** Whether no value of a list is there twice. */
export const unique = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

/** Identifier of a resource: sent by the client or made by its gateway (UUID) before signing. */
export const Id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{2,62}$/, 'must be 3 to 63 characters of a-z, 0-9 and "-", not starting with "-"')
  .meta({ description: 'Identifier', example: 'admission-north-rhine-westphalia' });

/** Ids of focus areas that the bylaws in force name; so few that each can be indexed together with every other filter. */
export const FocusAreas = z
  .array(Id)
  .min(1)
  .max(10)
  .refine(unique, 'must not repeat a focus area')
  .meta({ description: 'Focus areas, by their ids in the bylaws in force', example: ['blockchain'] });

/** Identifier of a member; shorter, because certificate names and ballots' keys contain it. */
export const MemberId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{2,39}$/, 'must be 3 to 40 characters of a-z, 0-9 and "-", not starting with "-"')
  .meta({ description: 'Identifier of a member', example: 'north-rhine-westphalia' });

/** Identifier of a membership service provider; unique on the channel. */
export const MspId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{1,62}$/, 'must be 2 to 63 characters of A-Z, a-z, 0-9, "." and "-"')
  .meta({
    description: "Identifier of the organization's MSP on the channel",
    example: 'NorthRhineWestphaliaMSP',
  });

/** SHA-256, lower-case hexadecimal. */
export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in 64 lower-case hexadecimal digits')
  .meta({
    description: 'SHA-256, hexadecimal',
    example: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  });

/** Fabric's transaction id: hex(SHA-256(nonce ‖ creator)). */
export const TransactionId = Sha256.meta({ description: 'Transaction id', example: 'f'.repeat(64) });

/** Calendar day in the bylaws' time zone. */
export const LegalDate = z.iso
  .date()
  .meta({ description: "Calendar day in the bylaws' time zone (YYYY-MM-DD)", example: '2021-03-01' });

/** RFC 3339, UTC, milliseconds. */
export const Instant = z.iso
  .datetime({ precision: 3 })
  .meta({ description: 'Instant, RFC 3339 UTC with milliseconds', example: '2021-02-26T10:00:00.000Z' });

/** Dates stay within four-digit years, which compare as text. */
const LONGEST_DURATION = 'P10Y';

/** ISO 8601 duration of whole units; weeks stand alone. */
export const Duration = z
  .string()
  .max(40)
  .regex(
    /^P(?:\d{1,4}W|(?=\d|T\d)(?:\d{1,4}Y)?(?:\d{1,4}M)?(?:\d{1,5}D)?(?:T(?=\d)(?:\d{1,5}H)?(?:\d{1,6}M)?(?:\d{1,8}S)?)?)$/,
    { error: 'must be an ISO 8601 duration of whole units such as P14D or PT30S', abort: true },
  )
  .refine((value) => compareDurations(value, LONGEST_DURATION) <= 0, `must be at most ${LONGEST_DURATION}`)
  .meta({ description: 'ISO 8601 duration', example: 'P14D' });

// Control characters (line feed apart), line and paragraph separators, direction controls, byte order mark, lone surrogates.
const FORBIDDEN_CHARACTERS = /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;

/** Whether something that looks like an e-mail address stands in it. Linear: a text may be of any length here. */
function holdsEMail(text: string): boolean {
  const parts = text.split('@');
  return parts.some(
    (part, index) => index > 0 && /\S$/.test(parts[index - 1]?.slice(-1) ?? '') && /^[^\s.]+\.\S/.test(part),
  );
}

const text = (maximum: number, lineFeeds: boolean) =>
  z
    .string()
    // Longer ones are not looked at any further: what follows takes time.
    .max(maximum, { error: `must have at most ${maximum} characters`, abort: true })
    .normalize('NFC')
    .trim()
    .min(1, 'must not be empty')
    .refine(
      (value) => !FORBIDDEN_CHARACTERS.test(lineFeeds ? value.replaceAll('\n', '') : value),
      lineFeeds
        ? 'must not contain control or direction characters (line feeds are allowed)'
        : 'must not contain line feeds, control or direction characters',
    )
    .refine(
      (value) => !holdsEMail(value),
      'must not contain an e-mail address: no personal data on the ledger',
    );

/** One line of text, NFC. Names offices and bodies, never a natural person: that is the submitter's duty. */
export const Line = text(200, false).meta({
  description: 'One line of text. Must not name a natural person.',
  example: 'Chief Information Officer',
});

/** Text of several lines, NFC. */
export const Text = text(10_000, true).meta({
  description: 'Text. Must not name a natural person.',
  example: 'The general assembly admits the Land North Rhine-Westphalia.',
});

const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;

const address = (protocol: RegExp) =>
  z
    .url({ protocol })
    .max(500)
    // What reads addresses leaves such characters out or escapes them; the ledger would keep them.
    .refine(
      (uri) => !FORBIDDEN_CHARACTERS.test(uri) && !/\s/.test(uri),
      'must not contain spaces, control or direction characters',
    );

/** Address of a page or an interface that is reached under TLS alone. */
export const HttpsAddress = address(/^https$/);

/** A document stays off the ledger; what is on it identifies the document. */
export const Document = z
  .strictObject({
    name: Line.meta({ description: 'Name of the document', example: 'Declaration of accession.pdf' }),
    mediaType: z
      .string()
      .max(255)
      .regex(MEDIA_TYPE, 'must be a media type such as application/pdf')
      .meta({ example: 'application/pdf' }),
    sha256: Sha256,
    uri: address(/^https?$/)
      .optional()
      .meta({ example: 'https://example.org/declaration.pdf' }),
  })
  .meta({ description: 'A document kept off the ledger, identified by its SHA-256' });
export type Document = z.infer<typeof Document>;

/** The roles that a certificate can carry (attribute `umlauf.role`, else an organizational unit of that name). */
export const ROLES = ['representative', 'board', 'auditor'] as const;
export const Role = z.enum(ROLES).meta({ description: "Role of the caller's office" });
export type Role = z.infer<typeof Role>;

/** Who did something, when and in which transaction: the part that all recorded facts share. */
export const Recorded = z
  .object({
    at: Instant.meta({ description: "The transaction's timestamp" }),
    mspId: MspId,
    role: Role,
    transactionId: TransactionId,
  })
  .meta({ description: 'When, by which organization in which role, in which transaction' });
export type Recorded = z.infer<typeof Recorded>;

/** Page of a list. */
export const PAGE_LIMIT = { default: 50, maximum: 200 } as const;
export const Paging = z.strictObject({
  limit: z
    .int()
    .min(1)
    .max(PAGE_LIMIT.maximum)
    .default(PAGE_LIMIT.default)
    .meta({ description: 'Items a page' }),
  bookmark: z
    .string()
    .min(1)
    .max(1000)
    .regex(/^[A-Za-z0-9_-]+$/, 'must be a bookmark as a list answered it')
    .optional()
    .meta({ description: 'Where the next page begins, as the previous page gave it' }),
});
/** Filter by day of a list that is sorted by time. */
export const Period = z.strictObject({
  from: LegalDate.optional().meta({ description: 'From this day on' }),
  until: LegalDate.optional().meta({ description: 'Until this day, inclusive' }),
});
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    bookmark: z.string().optional().meta({ description: 'Absent on the last page' }),
  });
export interface Page<T> {
  items: T[];
  bookmark?: string;
}

/** JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). Text alone: nothing in it is HTML. */
import { z } from 'zod';
import { FEED_WORDS, LANGUAGES, noteOf, type Entry, type Feed } from './entry.js';

export const JSON_FEED_TYPE = 'application/feed+json';
const VERSION = 'https://jsonfeed.org/version/1.1';

const Link = z.object({ id: z.string(), url: z.string() });

/** An entry, with an extension of what the ledger says of it. */
const Item = z.object({
  id: z.string().meta({ description: 'The same at every member’s gateway, for all time' }),
  url: z.string().meta({ description: 'The entry alone' }),
  title: z.string(),
  content_text: z.string(),
  summary: z.string().optional().meta({ description: 'That it is corrected, or what it corrects' }),
  date_published: z.string(),
  date_modified: z.string(),
  language: z.enum(LANGUAGES),
  _umlauf: z.object({
    announcementId: z.string(),
    status: z.enum(['released', 'corrected']),
    transactionId: z.string().meta({ description: 'The transaction that released it' }),
    blockNumber: z.int().optional().meta({ description: 'The block that it stands in' }),
    resolutionId: z.string().optional().meta({ description: 'The resolution that released it' }),
    about: z.array(Link.extend({ resource: z.string() })).meta({ description: 'What it is about' }),
    corrects: Link.optional(),
    correctedBy: Link.optional(),
  }),
});

/** A page as it is answered. */
export const JsonFeed = z
  .object({
    version: z.literal(VERSION),
    title: z.string(),
    language: z.enum(LANGUAGES),
    authors: z.array(z.object({ name: z.string() })),
    feed_url: z.string().meta({ description: 'Relative where the gateway has not been told its address' }),
    next_url: z.string().optional().meta({ description: 'Earlier entries; absent on the last page' }),
    items: z.array(Item),
  })
  .meta({ id: 'PublicAnnouncements', description: 'JSON Feed 1.1' });

function itemOf(entry: Entry): z.infer<typeof Item> {
  const { announcementId, status, transactionId, blockNumber, resolutionId, about, corrects, correctedBy } =
    entry;
  const note = noteOf(entry);
  return {
    id: entry.id,
    url: entry.url,
    title: entry.title,
    content_text: entry.text,
    ...(note === undefined ? {} : { summary: note }),
    date_published: entry.publishedAt,
    date_modified: entry.modifiedAt,
    language: entry.language,
    _umlauf: {
      announcementId,
      status,
      transactionId,
      ...(blockNumber === undefined ? {} : { blockNumber }),
      ...(resolutionId === undefined ? {} : { resolutionId }),
      about: [...about],
      ...(corrects ? { corrects } : {}),
      ...(correctedBy ? { correctedBy } : {}),
    },
  };
}

export function jsonFeed({ language, entries, url, nextUrl }: Feed): Buffer {
  const { title, author } = FEED_WORDS[language];
  const feed: z.infer<typeof JsonFeed> = {
    version: VERSION,
    title,
    language,
    authors: [{ name: author }],
    feed_url: url,
    ...(nextUrl === undefined ? {} : { next_url: nextUrl }),
    items: entries.map(itemOf),
  };
  return Buffer.from(JSON.stringify(feed));
}

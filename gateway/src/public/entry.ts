/** An announcement as the public reads it: in one language, with where it stands on the ledger and what it is about. */
import type { Announcement } from 'umlauf-chaincode/api';

/** Languages that announcements are asked for in; German is always there. */
export const LANGUAGES = ['de', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Something that an entry leads to. */
export interface EntryLink {
  readonly id: string;
  readonly url: string;
}

/** One entry of a feed. */
export interface Entry {
  /** The same at every member's gateway, for all time. */
  readonly id: string;
  readonly announcementId: string;
  readonly url: string;
  readonly language: Language;
  readonly title: string;
  readonly text: string;
  readonly status: 'released' | 'corrected';
  /** RFC 3339. */
  readonly publishedAt: string;
  readonly modifiedAt: string;
  readonly transactionId: string;
  /** Absent where the own peer doesn't have the block: one that joined from a snapshot. */
  readonly blockNumber: number | undefined;
  readonly resolutionId: string | undefined;
  readonly about: readonly (EntryLink & { readonly resource: string })[];
  readonly corrects: EntryLink | undefined;
  readonly correctedBy: EntryLink | undefined;
}

/** Where the public finds things. */
export interface Places {
  /** Before every path; empty for addresses that are relative to where the feed was found. */
  readonly base: string;
  /** Of the ledger, such as `urn:umlauf:ledger:<channel>:<chaincode>`. */
  readonly ledger: string;
}

export const FEED_PATH = '/public/announcements';
const API_PATH = '/api/v1';

/** The entry of an announcement; nothing for one that was never released. */
export function entryOf(
  { id, title, text, status, release, correctedBy, about, corrects }: Announcement,
  blockNumber: number | undefined,
  asked: Language,
  { base, ledger }: Places,
): Entry | undefined {
  if (!release || (status !== 'released' && status !== 'corrected')) return undefined;
  const language = text[asked] === undefined ? 'de' : asked;
  const linkTo = (announcementId: string): EntryLink => ({
    id: `${ledger}:announcement:${announcementId}`,
    url: `${base}${FEED_PATH}/${announcementId}`,
  });
  return {
    ...linkTo(id),
    announcementId: id,
    language,
    title: title[language] ?? title.de,
    text: text[language] ?? text.de,
    status,
    publishedAt: release.recorded.at,
    modifiedAt: correctedBy?.recorded.at ?? release.recorded.at,
    transactionId: release.recorded.transactionId,
    blockNumber,
    resolutionId: release.resolutionId,
    about: about.map((each) => ({ ...each, url: `${base}${API_PATH}/${each.resource}s/${each.id}` })),
    corrects: corrects === undefined ? undefined : linkTo(corrects),
    correctedBy: correctedBy && linkTo(correctedBy.announcementId),
  };
}

const NOTES = {
  de: { corrects: 'Berichtigt', correctedBy: 'Berichtigt durch' },
  en: { corrects: 'Corrects', correctedBy: 'Corrected by' },
} as const satisfies Record<Language, object>;

/** What an entry that is corrected, or corrects another, says of it to people; for readers that know no extension. */
export function noteOf({ language, corrects, correctedBy }: Entry): string | undefined {
  const words = NOTES[language];
  if (correctedBy) return `${words.correctedBy} ${correctedBy.url}`;
  return corrects && `${words.corrects} ${corrects.url}`;
}

/** A page of entries, the newest first. */
export interface Feed {
  readonly id: string;
  readonly language: Language;
  readonly entries: readonly Entry[];
  /** Address of this page in the feed's own format, and of the next, if there is one. */
  readonly url: string;
  readonly nextUrl: string | undefined;
}

/** What a feed is called, and by whom it is. */
export const FEED_WORDS = {
  de: { title: 'Bekanntmachungen der Genossenschaft', author: 'Die Genossenschaft' },
  en: { title: 'Announcements of the cooperative', author: 'The cooperative' },
} as const satisfies Record<Language, object>;

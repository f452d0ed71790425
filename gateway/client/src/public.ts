/**
 * What anybody may read of a cooperative, without a token: its announcements and who its members are.
 *
 * ```ts
 * const { body } = await createPublicClient({ url: 'https://gateway.itdz.example' }).announcements({ language: 'en' });
 * ```
 */
import type { OutputOf } from 'umlauf-chaincode/api';
import { queryOf, type Request } from './request.js';
import { Rest, type Answer, type ClientOptions } from './rest.js';

type Member = OutputOf<'members:get'>;

/** What an entry is about, or another entry. */
interface PublicLink {
  id: string;
  url: string;
}

/** A released announcement, as an item of JSON Feed 1.1. */
export interface PublicEntry {
  /** The same at every member's gateway, for all time. */
  id: string;
  url: string;
  title: string;
  content_text: string;
  /** That it is corrected, or what it corrects. */
  summary?: string | undefined;
  /** RFC 3339. */
  date_published: string;
  date_modified: string;
  language: 'de' | 'en';
  _umlauf: {
    announcementId: string;
    status: 'released' | 'corrected';
    /** The transaction that released it. */
    transactionId: string;
    blockNumber?: number | undefined;
    resolutionId?: string | undefined;
    about: { id: string; url: string; resource: string }[];
    corrects?: PublicLink | undefined;
    correctedBy?: PublicLink | undefined;
  };
}

/** A page of announcements, the newest first: JSON Feed 1.1. */
export interface PublicAnnouncements {
  version: 'https://jsonfeed.org/version/1.1';
  title: string;
  language: 'de' | 'en';
  authors: { name: string }[];
  feed_url: string;
  /** Where earlier entries are; absent on the last page. */
  next_url?: string | undefined;
  items: PublicEntry[];
}

/** Who are members today, by id. */
export interface PublicMembers {
  items: {
    id: string;
    legalName: string;
    levels: Member['levels'];
    /** Day of the admission. */
    since: string;
    office: string;
    operator?: string | undefined;
  }[];
}

interface LanguageInput {
  /** Default: `de`. */
  readonly language?: PublicEntry['language'];
}

/** What the public reads, by the ids that the OpenAPI document gives it; Atom, for feed readers, is the same. */
export const PUBLIC_OPERATIONS = {
  'public-announcements': '/public/announcements',
  'public-announcement': '/public/announcements/{id}',
  'public-members': '/public/members',
} as const;

/** Reads what the public may. @throws as the client of the members. */
export interface PublicClient {
  /** @param input `bookmark` as the `next_url` of a page has it. */
  announcements(input?: LanguageInput & { readonly bookmark?: string }): Promise<Answer<PublicAnnouncements>>;
  /** One released announcement, as a feed of its own. */
  announcement(input: LanguageInput & { readonly id: string }): Promise<Answer<PublicAnnouncements>>;
  members(): Promise<Answer<PublicMembers>>;
}

/** Makes a client that needs no token. */
export function createPublicClient(options: Omit<ClientOptions, 'token'>): PublicClient {
  const rest = new Rest(options);
  const get = <T>(path: string, query: object = {}): Promise<Answer<T>> => {
    const request: Request = { method: 'GET', path: path + queryOf(query) };
    return rest.send<T>(request, {});
  };
  return {
    announcements: (input) => get(PUBLIC_OPERATIONS['public-announcements'], input),
    announcement: ({ id, ...query }) =>
      get(PUBLIC_OPERATIONS['public-announcement'].replace('{id}', encodeURIComponent(id)), query),
    members: () => get(PUBLIC_OPERATIONS['public-members']),
  };
}

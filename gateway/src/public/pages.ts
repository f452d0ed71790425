/**
 * What the public reads, made once for each change of the ledger: the answer that is kept is the rendered page. Asked for
 * with the gateway's own identity, whoever asks.
 */
import type {
  Announcement,
  BylawsVersion,
  EvaluateName,
  InputOf,
  Member,
  OutputOf,
  Role,
} from 'umlauf-chaincode/api';
import { rules } from 'umlauf-chaincode/api';
import type { LedgerLookup } from '../fabric/transactions.js';
import { parsed, type Ledger } from '../ledger.js';
import { ProblemError } from '../problem.js';
import type { Answer, Answers } from '../reads/answers.js';
import { sealed, unsealed } from '../reads/cursor.js';
import { atomFeed } from './atom.js';
import { FEED_PATH, entryOf, type Entry, type Feed, type Language, type Places } from './entry.js';
import { jsonFeed } from './json-feed.js';
import { publicRegister } from './register.js';

/** Formats of the feed, and where each is found. */
export const FORMATS = {
  json: { path: FEED_PATH, render: jsonFeed },
  atom: { path: `${FEED_PATH}.atom`, render: atomFeed },
} as const;
export type Format = keyof typeof FORMATS;

/** Which page of the feed. */
export interface FeedRequest {
  readonly format: Format;
  readonly language: Language;
  readonly bookmark?: string | undefined;
}

interface PublicParts {
  readonly ledger: Pick<Ledger, 'evaluate'>;
  /** For the public alone: it must not drive out what members have asked for. */
  readonly answers: Pick<Answers, 'ask'>;
  readonly lookup: Pick<LedgerLookup, 'transaction'>;
  readonly role: Role;
  readonly places: Places;
  readonly now?: () => number;
}

const ENTRIES_A_PAGE = 20;
const MEMBERS_A_PAGE = 200;
/** Where transactions stand never changes; so many are remembered. */
const MOST_BLOCKS = 10_000;

const RELEASED = 'announcements:released';

/** Makes and keeps them. */
export class PublicPages {
  readonly #blocks = new Map<string, number>();

  constructor(private readonly parts: PublicParts) {}

  /** @throws {ProblemError} `invalid-input` for a bookmark that the feed didn't answer, and what reading throws. */
  announcements({ format, language, bookmark }: FeedRequest): Promise<Answer> {
    const input = { limit: ENTRIES_A_PAGE, ...(bookmark === undefined ? {} : { bookmark }) };
    const list = { transaction: RELEASED, input } as const;
    return this.#kept(RELEASED, { ...input, format, language }, async () => {
      const read = await this.#evaluate(RELEASED, unsealed(list) as InputOf<typeof RELEASED>);
      const { items, bookmark: next } = parsed(sealed(list, read)) as OutputOf<typeof RELEASED>;
      return this.#rendered(
        format,
        language,
        items,
        pageUrl(language, bookmark),
        next && pageUrl(language, next),
      );
    });
  }

  /** @throws {ProblemError} `not-found` for whatever the public doesn't read, and what reading throws. */
  announcement(id: string, language: Language): Promise<Answer> {
    return this.#kept('announcements:get', { id, language }, async () => {
      const read = await this.#evaluate('announcements:get', { id });
      const found = parsed(read) as Announcement;
      if (!found.release) throw new ProblemError('not-found', { resource: 'announcement' });
      return this.#rendered('json', language, [found], `/${id}${pageUrl(language)}`, undefined);
    });
  }

  /** Who are members on the day of asking. */
  members(): Promise<Answer> {
    return this.#kept('members:list', { public: true }, async () => {
      const { bylaws } = parsed(await this.#evaluate('bylaws:get', {})) as BylawsVersion;
      const at = rules.legalDate(new Date((this.parts.now ?? Date.now)()).toISOString(), bylaws.timeZone);
      const members: Member[] = [];
      let bookmark: string | undefined;
      do {
        const input = { at, limit: MEMBERS_A_PAGE, ...(bookmark === undefined ? {} : { bookmark }) };
        const page = parsed(await this.#evaluate('members:list', input)) as OutputOf<'members:list'>;
        members.push(...page.items);
        ({ bookmark } = page);
      } while (bookmark !== undefined);
      return publicRegister(members, bylaws.timeZone);
    });
  }

  #kept(transaction: EvaluateName, input: object, make: () => Promise<Uint8Array>): Promise<Answer> {
    return this.parts.answers.ask({ transaction, input, role: this.parts.role }, make);
  }

  #evaluate<N extends EvaluateName>(transaction: N, input: InputOf<N>): Promise<Uint8Array> {
    return this.parts.ledger.evaluate(transaction, input, this.parts.role);
  }

  async #rendered(
    format: Format,
    language: Language,
    announcements: readonly Announcement[],
    rest: string,
    nextRest: string | undefined,
  ): Promise<Buffer> {
    const { places } = this.parts;
    const { path, render } = FORMATS[format];
    const entries = await Promise.all(announcements.map((each) => this.#entry(each, language)));
    const feed: Feed = {
      id: `${places.ledger}:announcements`,
      language,
      entries: entries.filter((entry) => entry !== undefined),
      url: `${places.base}${path}${rest}`,
      nextUrl: nextRest === undefined ? undefined : `${places.base}${path}${nextRest}`,
    };
    return render(feed);
  }

  async #entry(announcement: Announcement, language: Language): Promise<Entry | undefined> {
    const { release } = announcement;
    const block = release && (await this.#blockOf(release.recorded.transactionId));
    return entryOf(announcement, block, language, this.parts.places);
  }

  async #blockOf(transactionId: string): Promise<number | undefined> {
    const known = this.#blocks.get(transactionId);
    if (known !== undefined) return known;
    const found = await this.parts.lookup.transaction(transactionId);
    if (!found) return undefined;
    if (this.#blocks.size >= MOST_BLOCKS) this.#blocks.clear();
    this.#blocks.set(transactionId, Number(found.blockNumber));
    return Number(found.blockNumber);
  }
}

/** The query by which a page is asked for; German needs none. */
function pageUrl(language: Language, bookmark?: string): string {
  const query = new URLSearchParams({
    ...(language === 'de' ? {} : { language }),
    ...(bookmark === undefined ? {} : { bookmark }),
  });
  return query.size === 0 ? '' : `?${query.toString()}`;
}

/** Atom (RFC 4287), in pages (RFC 5005). Text alone: nothing in it is HTML. */
import { FEED_WORDS, noteOf, type Entry, type EntryLink, type Feed } from './entry.js';

export const ATOM_TYPE = 'application/atom+xml';
const NAMESPACE = 'urn:umlauf:feed';
/** Of a feed without entries. */
const NEVER = '1970-01-01T00:00:00.000Z';

/** Characters that XML 1.0 has no place for, escaped or not; the ledger refuses most of them. */
const NO_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text for an element or an attribute. */
const escaped = (text: string): string =>
  text.replace(NO_XML, '\ufffd').replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

const element = (name: string, content: string): string => `<${name}>${escaped(content)}</${name}>`;

function linkElement(rel: string, href: string, more: Readonly<Record<string, string>> = {}): string {
  const attributes = Object.entries({ rel, href, ...more }).map(
    ([name, value]) => ` ${name}="${escaped(value)}"`,
  );
  return `<link${attributes.join('')}/>`;
}

const reference = (name: string, { id, url }: EntryLink): string =>
  `<umlauf:${name} href="${escaped(url)}">${escaped(id)}</umlauf:${name}>`;

function entryElement(entry: Entry): string {
  const { about, blockNumber, resolutionId, corrects, correctedBy } = entry;
  const note = noteOf(entry);
  const block = blockNumber === undefined ? '' : ` block="${blockNumber}"`;
  return [
    `<entry xml:lang="${entry.language}">`,
    element('id', entry.id),
    element('title', entry.title),
    element('published', entry.publishedAt),
    element('updated', entry.modifiedAt),
    linkElement('alternate', entry.url, { type: 'application/feed+json' }),
    ...about.map(({ url, resource, id }) => linkElement('related', url, { title: `${resource} ${id}` })),
    ...(correctedBy ? [linkElement('related', correctedBy.url)] : []),
    ...(corrects ? [linkElement('related', corrects.url)] : []),
    ...(note === undefined ? [] : [element('summary', note)]),
    `<content type="text">${escaped(entry.text)}</content>`,
    `<umlauf:transaction${block}>${escaped(entry.transactionId)}</umlauf:transaction>`,
    element('umlauf:status', entry.status),
    ...(resolutionId === undefined ? [] : [element('umlauf:resolution', resolutionId)]),
    ...(corrects ? [reference('corrects', corrects)] : []),
    ...(correctedBy ? [reference('correctedBy', correctedBy)] : []),
    '</entry>',
  ].join('\n');
}

export function atomFeed({ id, language, entries, url, nextUrl }: Feed): Buffer {
  const { title, author } = FEED_WORDS[language];
  const updated =
    entries
      .map(({ modifiedAt }) => modifiedAt)
      .sort()
      .at(-1) ?? NEVER;
  return Buffer.from(
    [
      '<?xml version="1.0" encoding="utf-8"?>',
      `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:umlauf="${NAMESPACE}" xml:lang="${language}">`,
      element('id', id),
      element('title', title),
      element('updated', updated),
      `<author>${element('name', author)}</author>`,
      linkElement('self', url, { type: ATOM_TYPE }),
      ...(nextUrl === undefined ? [] : [linkElement('next', nextUrl, { type: ATOM_TYPE })]),
      ...entries.map(entryElement),
      '</feed>\n',
    ].join('\n'),
  );
}

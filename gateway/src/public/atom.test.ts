import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseXml, type XmlElement } from '../testing/xml.js';
import { atomFeed } from './atom.js';
import type { Entry, Feed } from './entry.js';

const entry = (change: Partial<Entry> = {}): Entry => ({
  id: 'urn:umlauf:ledger:c:u:announcement:news-1',
  announcementId: 'news-1',
  url: '/public/announcements/news-1',
  language: 'de',
  title: 'Neues',
  text: 'Text',
  status: 'released',
  publishedAt: '2026-03-02T09:00:00.000Z',
  modifiedAt: '2026-03-02T09:00:00.000Z',
  transactionId: 'ab'.repeat(32),
  blockNumber: 12,
  resolutionId: undefined,
  about: [],
  corrects: undefined,
  correctedBy: undefined,
  ...change,
});
const feed = (...entries: Entry[]): Feed => ({
  id: 'urn:umlauf:ledger:c:u:announcements',
  language: 'de',
  entries,
  url: '/public/announcements.atom',
  nextUrl: '/public/announcements.atom?language=en&bookmark=abc',
});
const child = (element: XmlElement, name: string) => element.children.find((each) => each.name === name);
const parsed = (made: Feed) => parseXml(atomFeed(made).toString('utf8'));

describe('the Atom feed', () => {
  it('has what RFC 4287 asks for, and the place on the ledger', () => {
    const root = parsed(feed(entry(), entry({ modifiedAt: '2026-03-04T09:00:00.000Z' })));
    expect(root).toMatchObject({ name: 'feed', attributes: { xmlns: 'http://www.w3.org/2005/Atom' } });
    for (const name of ['id', 'title', 'updated', 'author']) expect(child(root, name)).toBeDefined();
    expect(child(root, 'updated')?.text).toBe('2026-03-04T09:00:00.000Z');
    const links = root.children.filter(({ name }) => name === 'link').map(({ attributes }) => attributes);
    expect(links.map(({ rel, href }) => [rel, href])).toEqual([
      ['self', '/public/announcements.atom'],
      ['next', '/public/announcements.atom?language=en&bookmark=abc'],
    ]);
    const first = child(root, 'entry')!;
    for (const name of ['id', 'title', 'published', 'updated', 'content'])
      expect(child(first, name)?.text).not.toBe('');
    expect(child(first, 'umlauf:transaction')).toMatchObject({
      text: 'ab'.repeat(32),
      attributes: { block: '12' },
    });
  });

  it('is one without entries too', () => {
    expect(child(parsed(feed()), 'updated')?.text).toMatch(/^\d{4}-/);
  });

  it('is well-formed and says what the texts say, whatever stands in them', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(']]>', '<!--', '<script>alert(1)</script>', '&lt;', '"\'', '\ufffe\uffff', '<?x?>'),
    );
    const ALLOWED = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
    fc.assert(
      fc.property(hostile, hostile, (title, text) => {
        const link = { id: title, url: text };
        const root = parsed(
          feed(entry({ title, text, correctedBy: link, about: [{ ...link, resource: 'member' }] })),
        );
        const found = child(root, 'entry')!;
        expect(child(found, 'title')?.text).toBe(title.replace(ALLOWED, '\ufffd'));
        expect(child(found, 'content')).toMatchObject({
          text: text.replace(ALLOWED, '\ufffd'),
          attributes: { type: 'text' },
          children: [],
        });
      }),
    );
  });
});

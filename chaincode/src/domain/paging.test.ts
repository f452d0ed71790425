import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageOfAll, pageOfLists } from './paging';

describe('several lists shown as one', () => {
  const lists = fc.array(fc.array(fc.integer(), { maxLength: 7 }), { minLength: 1, maxLength: 6 });

  it('give everything once, in order, in full pages, and a bookmark only if there is more', async () => {
    await fc.assert(
      fc.asyncProperty(lists, fc.integer({ min: 1, max: 9 }), async (contents, limit) => {
        const named = contents.map((items, index) => ({
          name: `list-${index}`,
          page: (request: Parameters<typeof pageOfAll>[1]) => Promise.resolve(pageOfAll(items, request)),
        }));
        const all = contents.flat();
        const shown: number[] = [];
        let bookmark: string | undefined;
        do {
          const page = await pageOfLists(named, { limit, bookmark });
          shown.push(...page.items);
          bookmark = page.bookmark;
          if (bookmark !== undefined) expect(page.items).toHaveLength(limit);
          expect(bookmark === undefined).toBe(shown.length === all.length);
        } while (bookmark !== undefined);
        expect(shown).toEqual(all);
      }),
    );
  });

  it('give everything once where lists answer short pages that go on', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer(), { maxLength: 7 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 3 }),
        async (contents, limit, mostRead) => {
          const even = (value: number) => value % 2 === 0;
          /** Looks at so many items for a page, and shows the even ones. */
          const named = contents.map((items, index) => ({
            name: `list-${index}`,
            page: async (request: Parameters<typeof pageOfAll>[1]) => {
              const seen = pageOfAll(items, { ...request, limit: Math.min(request.limit, mostRead) });
              return Promise.resolve({ ...seen, items: seen.items.filter(even) });
            },
          }));
          const shown: number[] = [];
          let bookmark: string | undefined;
          do {
            const page = await pageOfLists(named, { limit, bookmark });
            expect(page.items.length).toBeLessThanOrEqual(limit);
            shown.push(...page.items);
            bookmark = page.bookmark;
          } while (bookmark !== undefined);
          expect(shown).toEqual(contents.flat().filter(even));
        },
      ),
    );
  });

  it('refuse a bookmark of a list that is not among them', async () => {
    const named = ['a', 'b'].map((name) => ({
      name,
      page: (request: Parameters<typeof pageOfAll>[1]) => Promise.resolve(pageOfAll([1, 2], request)),
    }));
    const { bookmark } = await pageOfLists(named, { limit: 3 });
    await expect(pageOfLists(named.slice(0, 1), { limit: 1, bookmark })).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });
});

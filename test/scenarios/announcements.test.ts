/** What members tell each other and the public: documents with their versions, announcements from draft to feed. */
import type { Announcement, SharedDocument } from 'umlauf-chaincode/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandLine } from '../harness/command-line.js';
import { until } from '../harness/until.js';
import { verified } from '../harness/verified.js';

let line: CommandLine;
beforeAll(async () => {
  line = await CommandLine.start();
}, 120_000);
afterAll(async () => await line.stop());

const SHARER = 'itdz-berlin';
const BOARD_HOLDING = 'bundesdruckerei';

describe('a shared document', () => {
  it('is found again by its file, also once a new version has taken its place', async () => {
    const [first, second] = [line.file('manual.txt', 'first'), line.file('manual-2.txt', 'second')];
    const rest = ['--title', 'Manual', '--focus-area', 'blockchain', '--licence', 'CC-BY-4.0'];
    const share = (path: string, ...more: string[]) =>
      line.run<SharedDocument>(SHARER, 'board', 'document', 'share', path, ...rest, ...more);
    expect(await share(first, '--id', 'manual-1')).toMatchObject({
      status: 'current',
      memberId: SHARER,
      document: { name: 'manual.txt', mediaType: 'text/plain' },
    });
    await share(second, '--id', 'manual-2', '--supersedes', 'manual-1');
    const verify = (path: string) =>
      line.run<SharedDocument[]>(SHARER, 'auditor', 'document', 'verify', path);
    expect(await verify(first)).toMatchObject([
      { id: 'manual-1', status: 'superseded', supersededBy: { documentId: 'manual-2' } },
    ]);
    expect(await verify(second)).toMatchObject([{ id: 'manual-2', status: 'current' }]);
    const current = await line.run<SharedDocument[]>(
      SHARER,
      'auditor',
      'document',
      'list',
      '--status',
      'current',
    );
    expect(current.map(({ id }) => id)).toEqual(['manual-2']);
  });

  it('is none of a file that nobody shared: exit code 1 and one line', async () => {
    const { code, stderr } = await line.attempt(
      SHARER,
      'auditor',
      'document',
      'verify',
      line.file('other.txt', 'other'),
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/other\.txt: no shared document has its SHA-256, [0-9a-f]{64}\n$/);
  });
});

describe('an announcement', () => {
  const read = async (path: string): Promise<string> =>
    (await fetch(`${line.consortium.gateway(BOARD_HOLDING).url}/public/${path}`)).text();

  it('is read by anybody once the board has released it, with its place on the ledger', async () => {
    const draft = {
      id: 'welcome',
      title: { de: 'Willkommen' },
      text: { de: '<b>Gegründet</b>' },
      about: [{ resource: 'member', id: SHARER }],
    };
    const path = line.file('welcome.json', draft);
    await line.run(SHARER, 'board', 'announcement', 'draft', path);
    expect(JSON.parse(await read('announcements'))).toMatchObject({ items: [] });
    const { release } = await until('the draft is known to the board', async () => {
      const { code, stdout } = await line.attempt(
        BOARD_HOLDING,
        'board',
        'announcement',
        'release',
        'welcome',
      );
      return code === 0 ? (JSON.parse(stdout) as Announcement) : undefined;
    });
    const feed = JSON.parse(await read('announcements')) as { items: Record<string, unknown>[] };
    const { transactionId = '' } = release?.recorded ?? {};
    const [only] = feed.items;
    expect(only).toMatchObject({ content_text: '<b>Gegründet</b>', _umlauf: { transactionId } });
    const { blockNumber } = only?.['_umlauf'] as { blockNumber: number };
    expect(blockNumber).toBeGreaterThan(0);
    const atom = await read('announcements.atom');
    expect(atom).toContain(`<umlauf:transaction block="${blockNumber}">${transactionId}`);
    expect(atom).not.toContain('<b>');
  });

  it('stands beside the register of members, which says nothing but what the public may know', async () => {
    const { items } = JSON.parse(await read('members')) as { items: Record<string, unknown>[] };
    expect(items).toHaveLength(line.consortium.gateways.length);
    const known = ['id', 'legalName', 'levels', 'office', 'operator', 'since'];
    for (const member of items) expect(known).toEqual(expect.arrayContaining(Object.keys(member)));
  });
});

it('leaves a ledger that holds when every act is performed again', async () => {
  expect(await verified(line.consortium)).toEqual({ exit: 0, findings: [] });
});

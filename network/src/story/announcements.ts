/** What the cooperative tells the public of its new members. */
import type { Announcement } from 'umlauf-chaincode/api';
import { BAVARIA, NRW } from './admissions.js';
import { expect } from './expectation.js';
import { CHAIR, PROPOSER, type Teller } from './teller.js';

const ADMISSIONS = [
  {
    member: NRW,
    title: 'Das Land Nordrhein-Westfalen tritt bei',
    text: 'Die Generalversammlung hat das Land Nordrhein-Westfalen einstimmig aufgenommen.',
  },
  {
    member: BAVARIA,
    title: 'Der Freistaat Bayern tritt bei',
    text: 'Die Generalversammlung hat den Freistaat Bayern einstimmig aufgenommen.',
  },
];

export async function playAnnouncements(teller: Teller): Promise<void> {
  for (const { member, title, text } of ADMISSIONS) {
    const id = `${member}-joins`;
    await teller.act(
      `${PROPOSER} drafts an announcement: ${title}`,
      PROPOSER,
      'board',
      'POST',
      '/announcements',
      {
        id,
        title: { de: title },
        text: { de: text },
        about: [
          { resource: 'member', id: member },
          { resource: 'resolution', id: `admission-${member}` },
        ],
      },
    );
    const { body } = await teller.act<Announcement>(
      `${CHAIR} releases it`,
      CHAIR,
      'board',
      'POST',
      `/announcements/${id}/release`,
    );
    expect(body.status === 'released', 'the announcement is released');
  }
  await readInPublic(teller);
}

interface Feed {
  readonly items: readonly { readonly title: string }[];
}

/** Whoever has no account reads the feed, at any member's gateway. */
async function readInPublic(teller: Teller): Promise<void> {
  const { url } = teller.stage.gateway(BAVARIA);
  // Its peer has the last block then.
  await teller.call(BAVARIA, 'auditor', 'GET', '/announcements');
  const response = await fetch(`${url}/public/announcements`);
  expect(response.ok, 'the public feed answers without a token');
  const titles = ((await response.json()) as Feed).items.map(({ title }) => title);
  expect(titles.length === ADMISSIONS.length, 'the public feed shows what was released');
  teller.report({
    text: `somebody without an account reads at ${url}/public/announcements: ${titles.join('; ')}`,
  });
}

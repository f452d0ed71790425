/** What concerns the cooperative as a whole: its foundation, its bylaws, what is left open. */
import { isDeepStrictEqual } from 'node:util';
import { BylawsQuery, FoundationInput, OpenPointFilter, Paging, Sha256 } from 'umlauf-chaincode/api';
import { z } from 'zod';
import { EXAMPLES } from '../examples.js';
import { read, write, type Route } from '../route.js';

const tag = 'Cooperative';
const params = z.strictObject({ sha256: Sha256 });

const content = ({ members, bylaws }: FoundationInput): unknown =>
  JSON.parse(JSON.stringify({ members, bylaws }));

export const cooperativeRoutes: readonly Route[] = [
  read({
    path: '/bylaws',
    tag,
    summary: 'The bylaws in force, a version of them, or those in force on a day',
    transaction: 'bylaws:get',
    query: BylawsQuery,
    input: ({ query }) => query,
    problems: ['not-found'],
  }),
  read({
    path: '/open-points',
    tag,
    summary: 'What waits for somebody or disagrees',
    description:
      'No more is looked through for one page than a peer reads without holding up its blocks: a page with a `bookmark` may hold fewer points than its limit, or none.',
    transaction: 'members:openPoints',
    query: OpenPointFilter,
    input: ({ query }) => query,
  }),
  read({
    path: '/foundations',
    tag,
    summary: 'Foundations that were submitted',
    transaction: 'foundations:list',
    query: Paging,
    input: ({ query }) => query,
  }),
  read({
    path: '/foundations/{sha256}',
    tag,
    summary: 'One foundation',
    transaction: 'foundations:get',
    params,
    input: ({ params: { sha256 } }) => ({ id: sha256 }),
  }),
  write({
    method: 'post',
    path: '/foundations',
    tag,
    summary: 'Submit a foundation: its members and bylaws',
    transaction: 'foundations:submit',
    body: FoundationInput,
    example: EXAMPLES.foundation,
    created: true,
    roles: ['board'],
    input: ({ body }) => body,
    location: (_input, foundation) => `/foundations/${foundation().id}`,
    current: {
      // Its id is made by the contract, of its content.
      transaction: 'foundations:list',
      input: () => ({ limit: 200 }),
      pick: ({ items }, input) => items.find((item) => isDeepStrictEqual(content(item), content(input))),
    },
    recorded: ({ submitted }) => submitted,
    problems: ['already-founded', 'founders-mismatch', 'unsupported'],
  }),
  write({
    method: 'post',
    path: '/foundations/{sha256}/confirm',
    tag,
    summary: "Confirm a foundation for this gateway's member",
    transaction: 'foundations:confirm',
    params,
    roles: ['board'],
    input: ({ params: { sha256 } }) => ({ id: sha256 }),
    location: ({ id }) => `/foundations/${id}`,
    current: { transaction: 'foundations:get', input: ({ id }) => ({ id }) },
    recorded: ({ confirmations }, { mspId }) =>
      confirmations.find((confirmation) => confirmation.mspId === mspId)?.recorded,
    problems: ['not-found', 'already-founded', 'founders-mismatch'],
  }),
];

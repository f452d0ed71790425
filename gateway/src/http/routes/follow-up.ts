/** What follows the decision of a resolution: each is recorded on its own, beside it. */
import { DispatchInput, FindingInput, Id, RegistrationInput } from 'umlauf-chaincode/api';
import { z } from 'zod';
import { EXAMPLES } from '../examples.js';
import { write, type Route } from '../route.js';

const tag = 'Resolutions';
const params = z.strictObject({ id: Id });
const location = ({ id }: { id: string }) => `/resolutions/${id}`;
const current = {
  transaction: 'resolutions:get',
  input: ({ id }: { id: string }) => ({ id }),
} as const;

export const followUpRoutes: readonly Route[] = [
  write({
    method: 'post',
    path: '/resolutions/{id}/finding',
    tag,
    summary: "Record the chair's finding",
    transaction: 'resolutions:finding',
    params,
    body: FindingInput,
    example: EXAMPLES.finding,
    roles: ['board'],
    input: ({ params: { id }, body }) => ({ id, ...body }),
    location,
    current,
    recorded: (resolution) => resolution.finding?.recorded,
    problems: ['not-found', 'wrong-status', 'id-conflict', 'date-out-of-range'],
  }),
  write({
    method: 'post',
    path: '/resolutions/{id}/registration',
    tag,
    summary: 'Record the registration of an amendment, on which it takes effect',
    transaction: 'resolutions:register',
    params,
    body: RegistrationInput,
    example: EXAMPLES.registration,
    roles: ['board'],
    input: ({ params: { id }, body }) => ({ id, ...body }),
    location,
    current,
    recorded: (resolution) => resolution.registration?.recorded,
    problems: ['not-found', 'wrong-status', 'id-conflict', 'date-out-of-range', 'reserved-for-board-holding'],
  }),
  write({
    method: 'post',
    path: '/resolutions/{id}/dispatch',
    tag,
    summary: 'Record the dispatch of an exclusion to the member',
    transaction: 'resolutions:dispatch',
    params,
    body: DispatchInput,
    example: EXAMPLES.dispatch,
    roles: ['board'],
    input: ({ params: { id }, body }) => ({ id, ...body }),
    location,
    current,
    recorded: (resolution) => resolution.dispatch?.recorded,
    problems: ['not-found', 'wrong-status', 'id-conflict', 'date-out-of-range', 'reserved-for-board-holding'],
  }),
];

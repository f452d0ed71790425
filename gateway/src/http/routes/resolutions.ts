/** Resolutions, from proposal to effect. */
import { randomUUID } from 'node:crypto';
import {
  Id,
  OUTCOMES,
  Paging,
  Proposal,
  ResolutionFilter,
  Vote,
  rules,
  type Receipt,
  type Resolution,
} from 'umlauf-chaincode/api';
import { z } from 'zod';
import { EXAMPLES } from '../examples.js';
import { read, write, type Route } from '../route.js';
import { readsOf } from './reads.js';

const tag = 'Resolutions';
const params = z.strictObject({ id: Id });
const location = ({ id }: { id: string }) => `/resolutions/${id}`;
const current = {
  transaction: 'resolutions:get',
  input: ({ id }: { id: string }) => ({ id }),
} as const;

const NewProposal = Proposal.partial({ id: true }).meta({
  id: 'NewResolution',
  description: 'A proposal; without `id` the gateway makes one',
});

const isOutcome = (status: unknown): boolean => OUTCOMES.some((outcome) => outcome === status);

/** The receipt of what a resolution is at, if it is there. */
function receiptOf({ id, opening, proposalReceipt, openingReceipt }: Resolution): Receipt | undefined {
  const receipt = opening ? openingReceipt : proposalReceipt;
  return receipt && { id, status: 'received', phase: opening ? 'opening' : 'proposal', ...receipt };
}

export const resolutionRoutes: readonly Route[] = [
  ...readsOf({
    kind: 'resolutions',
    tag,
    list: 'Resolutions, by status and matter',
    one: 'a resolution',
    filter: ResolutionFilter,
  }),
  read({
    path: '/resolutions/{id}/ballots',
    tag,
    summary: 'Who voted how',
    transaction: 'resolutions:ballots',
    params,
    query: Paging,
    input: ({ params: { id }, query }) => ({ id, ...query }),
  }),
  read({
    path: '/resolutions/{id}/ballot',
    tag,
    summary: "This gateway's member's ballot",
    transaction: 'resolutions:ballot',
    params,
    input: ({ params: { id }, self: { memberId } }) => ({ id, memberId }),
  }),
  write({
    method: 'post',
    path: '/resolutions',
    tag,
    summary: 'Propose a resolution',
    transaction: 'resolutions:propose',
    body: NewProposal,
    example: EXAMPLES.proposal,
    created: true,
    roles: ['board'],
    input: ({ body }) => ({ ...body, id: body.id ?? randomUUID() }),
    location,
    current,
    recorded: (resolution) => resolution.proposal.recorded,
    problems: [
      'id-conflict',
      'unsupported',
      'majority-too-low',
      'quorum-too-low',
      'form-not-allowed',
      'procedure-basis',
      'voting-period',
      'effect-matter',
      'effect-target-repeated',
      'effect-invalid',
      'bylaws-board-holding',
      'resolution-reference',
    ],
  }),
  write({
    method: 'post',
    path: '/resolutions/{id}/receipt',
    tag,
    summary: 'Record that the proposal, or once voting is open the opening, has reached the members',
    description:
      'Notice and, if it comes late, the voting period run from it (§130 BGB). Every gateway does so by itself; repeating is harmless.',
    transaction: 'resolutions:receive',
    params,
    roles: ['board', 'representative'],
    input: ({ params: { id } }) => ({ id }),
    location,
    current: { ...current, pick: receiptOf },
    recorded: ({ recorded }) => recorded,
    shows: ({ phase }, _input, { resource }) => resource === `${phase}-receipt`,
    problems: ['not-found', 'wrong-status'],
  }),
  write({
    method: 'post',
    path: '/resolutions/{id}/open',
    tag,
    summary: 'Open voting: pins the electoral roll and the rule',
    transaction: 'resolutions:open',
    params,
    roles: ['board'],
    input: ({ params: { id } }) => ({ id }),
    location,
    current,
    recorded: (resolution) => resolution.opening?.recorded,
    problems: [
      'not-found',
      'wrong-status',
      'not-received',
      'notice-running',
      'target-claimed',
      'effect-invalid',
      'reserved-for-board-holding',
    ],
  }),
  write({
    method: 'post',
    path: '/resolutions/{id}/withdraw',
    tag,
    summary: 'Take a proposal back before voting opens',
    transaction: 'resolutions:withdraw',
    params,
    roles: ['board'],
    input: ({ params: { id } }) => ({ id }),
    location,
    current,
    recorded: (resolution) => resolution.withdrawal,
    problems: ['not-found', 'wrong-status'],
  }),
  write({
    method: 'put',
    path: '/resolutions/{id}/ballot',
    tag,
    summary: "Cast this gateway's member's vote",
    description: 'Repeating the same is harmless.',
    transaction: 'resolutions:vote',
    params,
    body: Vote,
    example: EXAMPLES.vote,
    roles: ['representative'],
    input: ({ params: { id }, body }) => ({ id, ...body }),
    location: ({ id }) => `/resolutions/${id}/ballot`,
    current: { transaction: 'resolutions:ballot', input: ({ id }, { memberId }) => ({ id, memberId }) },
    recorded: (ballot) => ballot,
    // Where ballots may be changed, an earlier one may still lie there.
    shows: ({ choice, consentToProcedure, statement }, { id: _id, ...vote }) =>
      rules.sameContent({ choice, consentToProcedure, statement }, vote),
    problems: [
      'not-found',
      'wrong-status',
      'voting-closed',
      'not-received',
      'ballot-already-cast',
      'consent-expected',
      'consent-not-expected',
      'member-not-on-network',
    ],
  }),
  write({
    method: 'post',
    path: '/resolutions/{id}/decide',
    tag,
    summary: 'Establish the outcome, as soon as no remaining ballot could change it',
    description: 'Every gateway does so by itself when it is due; finding it decided already is a success.',
    transaction: 'resolutions:decide',
    params,
    roles: ['board', 'representative'],
    input: ({ params: { id } }) => ({ id }),
    location,
    current,
    recorded: (resolution) => resolution.decision?.recorded,
    stands: (code, { resource, status }) =>
      code === 'wrong-status' && resource === 'resolution' && isOutcome(status),
    problems: ['not-found', 'wrong-status', 'not-decidable', 'not-received'],
  }),
];

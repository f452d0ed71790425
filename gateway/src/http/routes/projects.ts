/** Projects, and who takes part in them. */
import { randomUUID } from 'node:crypto';
import {
  Answer,
  End,
  Id,
  MemberId,
  ParticipationFilter,
  PhaseChange,
  ProjectContent,
  ProjectFilter,
  ProjectRole,
  partnersFit,
  type InputOf,
} from 'umlauf-chaincode/api';
import { z } from 'zod';
import { EXAMPLES } from '../examples.js';
import { read, write, type Route, type Self } from '../route.js';
import { ownDeclaration } from './agreements.js';
import { readsOf } from './reads.js';

const tag = 'Projects';
const params = z.strictObject({ id: Id });
const location = ({ id }: { id: string }) => `/projects/${id}`;
const current = {
  transaction: 'projects:get',
  input: ({ id }: { id: string }) => ({ id }),
} as const;

const NewProject = partnersFit(ProjectContent.partial({ id: true })).meta({
  id: 'NewProject',
  description: 'A project; without `id` the gateway makes one',
});

const PARTICIPATION = '/projects/{project}/participations/{member}/{role}';
const participation = z.strictObject({ project: Id, member: MemberId, role: ProjectRole });

/** What every write to a participation has. */
const ofParticipation = {
  tag,
  params: participation,
  // Where the lead itself takes part, its representative speaks for the member and its board for the project.
  roles: ({ params: { member }, self }: { params: { member: string }; self: Self }) =>
    member === self.memberId ? (['representative', 'board'] as const) : (['board'] as const),
  location: ({ project, member, role }: InputOf<'projects:participation'>) =>
    `/projects/${project}/participations/${member}/${role}`,
  current: {
    transaction: 'projects:participation',
    input: ({ project, member, role }: InputOf<'projects:participation'>) => ({ project, member, role }),
  },
  recorded: ownDeclaration,
} as const;

export const projectRoutes: readonly Route[] = [
  ...readsOf({
    kind: 'projects',
    tag,
    list: 'Projects, by lead, focus area, status and day, in the order of their proposals',
    one: 'a project',
    filter: ProjectFilter,
  }),
  write({
    method: 'post',
    path: '/projects',
    tag,
    summary: 'Propose a project, or bring an existing one in',
    description:
      'The member leads it. A resolution founds it (effect `found-project`); an existing one is accepted by the board of a board-holding organization.',
    transaction: 'projects:propose',
    body: NewProject,
    example: EXAMPLES.project,
    created: true,
    roles: ['board'],
    input: ({ body }) => ({ ...body, id: body.id ?? randomUUID() }),
    location,
    current,
    recorded: ({ proposal }) => proposal.recorded,
    problems: ['id-conflict', 'reference-unknown'],
  }),
  write({
    method: 'post',
    path: '/projects/{id}/accept',
    tag,
    summary: 'Accept an existing project that another member has brought in',
    transaction: 'projects:accept',
    params,
    roles: ['board'],
    input: ({ params: { id } }) => ({ id }),
    location,
    current,
    recorded: ({ approved }) => approved?.recorded,
    problems: ['not-found', 'wrong-status', 'project-origin', 'own-resource', 'reserved-for-board-holding'],
  }),
  write({
    method: 'post',
    path: '/projects/{id}/phases',
    tag,
    summary: 'Declare the next phase, with what shows it; by the lead',
    transaction: 'projects:advance',
    params,
    body: PhaseChange,
    example: EXAMPLES.phase,
    roles: ['board'],
    input: ({ params: { id }, body }) => ({ id, ...body }),
    location,
    current,
    recorded: ({ phases }) => phases.at(-1)?.recorded,
    shows: ({ phases }, { phase }) => phases.at(-1)?.phase === phase,
    problems: ['not-found', 'wrong-status', 'date-out-of-range'],
  }),
  read({
    path: '/participations',
    tag,
    summary: "Who takes part in which role: by project or by member, each with that side's own state",
    transaction: 'projects:participations',
    query: ParticipationFilter,
    input: ({ query }) => query,
  }),
  read({
    path: PARTICIPATION,
    tag,
    summary: "One member's part in a project",
    transaction: 'projects:participation',
    params: participation,
    input: ({ params: named }) => named,
  }),
  write({
    ...ofParticipation,
    method: 'put',
    path: PARTICIPATION,
    summary: 'Invite a member, or ask to take part',
    description:
      "The lead's board invites, the member's representative asks; where the other side has done so already, both have agreed. In the role `lead` the project passes to the member.",
    transaction: 'projects:proposeParticipation',
    body: Answer,
    example: EXAMPLES.answer,
    input: ({ params: named, body }) => ({ ...named, ...body }),
    problems: ['not-found', 'wrong-status', 'reference-unknown', 'own-resource', 'too-many-rounds'],
  }),
  write({
    ...ofParticipation,
    method: 'post',
    path: `${PARTICIPATION}/accept`,
    summary: 'Accept what the other side has proposed',
    transaction: 'projects:acceptParticipation',
    body: Answer,
    example: EXAMPLES.answer,
    input: ({ params: named, body }) => ({ ...named, ...body }),
    problems: ['not-found', 'wrong-status', 'own-resource'],
  }),
  write({
    ...ofParticipation,
    method: 'post',
    path: `${PARTICIPATION}/decline`,
    summary: 'Decline what is not agreed yet, or take it back',
    transaction: 'projects:declineParticipation',
    input: ({ params: named }) => named,
    problems: ['not-found', 'wrong-status'],
  }),
  write({
    ...ofParticipation,
    method: 'post',
    path: `${PARTICIPATION}/end`,
    summary: 'End a participation, with its last day; by either side',
    transaction: 'projects:endParticipation',
    body: End,
    example: EXAMPLES.end,
    input: ({ params: named, body }) => ({ ...named, ...body }),
    problems: ['not-found', 'wrong-status', 'date-out-of-range', 'own-resource'],
  }),
];

import type { Client, Input, Output } from 'umlauf-client';
import { documentOf } from './document-file.js';
import type { Declared, EndOptions } from './agreement.js';
import { act, jsonOf, officeFor, whole, type ActOptions } from './member-act.js';
import { listed, table } from './table.js';

export interface ProjectListOptions extends ActOptions {
  readonly member?: string;
  readonly focusArea?: string;
  readonly status?: string;
  readonly from?: string;
  readonly until?: string;
}
export interface PhaseOptions extends ActOptions {
  readonly on: string;
  readonly evidence: string;
}
export interface ParticipationListOptions extends ActOptions {
  readonly project?: string;
  readonly member?: string;
  readonly holderState?: string;
  readonly memberState?: string;
}
/** Names a participation. */
export interface Part {
  readonly project: string;
  readonly member: string;
  readonly role: string;
}

type Project = Output<'projects-get'>;
type Participation = Output<'projects-participation'>;
type Named = Input<'projects-participation'>;

/** Prints projects; what is no status or date the gateway refuses, and says what is allowed. */
export function listProjects(options: ProjectListOptions): Promise<void> {
  const { member, focusArea, status, from, until } = options;
  const filter = { member, focusArea, status, from, until, limit: 200 } as Input<'projects-list'>;
  const list = (client: Client) => whole((bookmark) => client.projects.list({ ...filter, bookmark }));
  return act(options, 'auditor', list, (projects: Project[]) =>
    table(
      ['PROJECT', 'STATUS', 'KIND', 'LEAD', 'TITLE'],
      projects.map(({ id, status: has, kind, lead, title }) => [id, has, kind, lead, title]),
    ),
  );
}

/** Prints one project with those who take part. */
export function showProject(id: string, options: ActOptions): Promise<void> {
  const both = async (client: Client) => {
    const project = await client.projects.get({ id });
    const { blockNumber } = project;
    const { body } = await whole((bookmark) =>
      client.projects.participations(
        { project: id, limit: 200, bookmark },
        blockNumber === undefined ? {} : { minBlock: blockNumber },
      ),
    );
    return { ...project, body: { ...project.body, participations: body } };
  };
  return act(options, 'auditor', both, ({ participations, ...project }) =>
    [
      describeProject(project),
      ...(participations.length === 0 ? [] : ['', participationTable(participations)]),
    ].join('\n'),
  );
}

/** Proposes a project. */
export function propose(file: string, options: ActOptions): Promise<void> {
  const project = jsonOf(file) as Input<'projects-propose'>;
  return act(options, 'board', (client, call) => client.projects.propose(project, call), describeProject);
}

/** Accepts an existing project. */
export function accept(id: string, options: ActOptions): Promise<void> {
  return act(options, 'board', (client, call) => client.projects.accept({ id }, call), describeProject);
}

/** Declares the next phase. */
export async function advance(id: string, phase: string, options: PhaseOptions): Promise<void> {
  const { on, evidence } = options;
  const change = { id, phase, on, evidence: await documentOf(evidence) } as Input<'projects-advance'>;
  await act(options, 'board', (client, call) => client.projects.advance(change, call), describeProject);
}

/** Prints participations. */
export function listParticipations(options: ParticipationListOptions): Promise<void> {
  const { project, member, holderState, memberState } = options;
  const filter = {
    ...{ project, member, holderState, memberState },
    limit: 200,
  } as Input<'projects-participations'>;
  const list = (client: Client) =>
    whole((bookmark) => client.projects.participations({ ...filter, bookmark }));
  return act(options, 'auditor', list, participationTable);
}

/** Proposes, accepts or declines a participation. */
export function declare(what: Declared, part: Part, options: ActOptions): Promise<void> {
  return act(
    options,
    officeFor(part.member, options),
    (client, call) => client.projects[`${what}Participation`](part as Named, call),
    describeParticipation,
  );
}

/** Ends a participation. */
export function end(part: Part, options: EndOptions): Promise<void> {
  const input = { ...part, on: options.on } as Input<'projects-endParticipation'>;
  return act(
    options,
    officeFor(part.member, options),
    (client, call) => client.projects.endParticipation(input, call),
    describeParticipation,
  );
}

function describeProject(project: Project): string {
  const { id, status, title, purpose, kind, focusAreas, lead, approved, partners, phases } = project;
  return listed([
    ['project', id],
    ['status', status],
    ['title', title],
    ['purpose', purpose],
    ['kind', kind],
    ['focus areas', focusAreas.join(', ')],
    ['lead', lead],
    [
      'approved',
      approved && `${approved.recorded.at} by ${approved.resolutionId ?? approved.recorded.mspId}`,
    ],
    ['partners', partners?.map(({ office, body }) => `${office}, ${body}`).join('; ')],
    [
      'phases',
      phases.length === 0 ? undefined : phases.map(({ phase, on }) => `${phase} since ${on}`).join(', '),
    ],
  ]);
}

function describeParticipation({ memberId, projectId, role, status, since, endsOn }: Participation): string {
  return listed([
    ['member', memberId],
    ['project', projectId],
    ['role', role],
    ['status', status],
    ['since', since?.at],
    ['last day', endsOn],
  ]);
}

const participationTable = (participations: readonly Participation[]): string =>
  table(
    ['PROJECT', 'MEMBER', 'ROLE', 'STATUS', 'SINCE', 'LAST DAY'],
    participations.map(({ projectId, memberId, role, status, since, endsOn }) => [
      ...[projectId, memberId, role, status, since?.at ?? '', endsOn ?? ''],
    ]),
  );

/**
 * The second part of the story: what the members do together. A joint blockchain infrastructure that exists already, a
 * new project that a resolution founds, and who takes part in them.
 */
import type { Node, Participation, Project } from 'umlauf-chaincode/api';
import { BAVARIA, NRW } from './admissions.js';
import { expect } from './expectation.js';
import { CHAIR, PROPOSER, type Teller } from './teller.js';

const INFRASTRUCTURE = 'joint-blockchain-infrastructure';
export const CREDENTIALS = 'digital-credentials';

/** @returns ids of the resolutions. */
export async function playProjects(teller: Teller): Promise<string[]> {
  await bringIn(teller);
  await teller.stage.declared();
  for (const memberId of [CHAIR, PROPOSER, NRW, BAVARIA]) await carry(teller, memberId);
  for (const memberId of [NRW, BAVARIA]) await takePart(teller, INFRASTRUCTURE, memberId, 'operator');
  const founding = await found(teller);
  await takePart(teller, CREDENTIALS, NRW, 'developer');
  return [founding];
}

/** The infrastructure that the cooperative runs already. */
async function bringIn(teller: Teller): Promise<void> {
  await teller.act(
    `${PROPOSER} brings in the joint blockchain infrastructure, an existing project`,
    PROPOSER,
    'board',
    'POST',
    '/projects',
    {
      id: INFRASTRUCTURE,
      title: 'Gemeinsame Blockchain-Infrastruktur',
      purpose:
        'Die Mitglieder betreiben gemeinsam eine Blockchain-Infrastruktur über ihre Rechenzentren hinweg.',
      focusAreas: ['blockchain'],
      kind: 'joint-operation',
      existing: { phase: 'in-operation' },
    },
  );
  const { body } = await teller.act<Project>(
    `${CHAIR} accepts it for the cooperative`,
    CHAIR,
    'board',
    'POST',
    `/projects/${INFRASTRUCTURE}/accept`,
  );
  expect(body.status === 'in-operation' && body.lead === PROPOSER, 'the infrastructure is in operation');
}

/** The member's peer, which it declared with its site when its organization came up, carries the infrastructure. */
async function carry(teller: Teller, memberId: string): Promise<void> {
  const carries = [{ resource: 'project', id: INFRASTRUCTURE }];
  const { body } = await teller.act<Node>(
    `the peer in the data centre of ${memberId} carries it`,
    memberId,
    'board',
    'PATCH',
    `/nodes/${memberId}-peer`,
    { carries },
  );
  expect(body.carries?.[0]?.id === INFRASTRUCTURE, 'the node carries the infrastructure');
}

/** The lead invites, the member's own representative agrees. */
async function takePart(
  teller: Teller,
  project: string,
  memberId: string,
  role: Participation['role'],
): Promise<void> {
  const path = `/projects/${project}/participations/${memberId}/${role}`;
  await teller.act(
    `${PROPOSER} invites ${memberId} into ${project} as ${role}`,
    PROPOSER,
    'board',
    'PUT',
    path,
    {},
  );
  const { body } = await teller.act<Participation>(
    `${memberId} agrees, with its own signature`,
    memberId,
    'representative',
    'POST',
    `${path}/accept`,
  );
  expect(body.status === 'agreed', `${memberId} takes part in ${project}`);
}

/** A new project in a focus area of the bylaws, founded by all members. */
async function found(teller: Teller): Promise<string> {
  await teller.act(
    `${PROPOSER} proposes a project: digital credentials`,
    PROPOSER,
    'board',
    'POST',
    '/projects',
    {
      id: CREDENTIALS,
      title: 'Digitale Nachweise',
      purpose: 'Die Mitglieder entwickeln gemeinsam prüfbare digitale Nachweise für die Verwaltung.',
      focusAreas: ['digital-sovereignty', 'blockchain'],
      kind: 'development',
    },
  );
  const id = await teller.opened({
    id: `founding-${CREDENTIALS}`,
    title: 'Gründung des Vorhabens Digitale Nachweise',
    motion: 'Die Generalversammlung gründet das Vorhaben Digitale Nachweise.',
    matter: 'project',
    // More than the bylaws ask for: so everybody's vote is heard before it is decided.
    majority: 'unanimous',
    effects: [{ kind: 'found-project', projectId: CREDENTIALS }],
  });
  for (const gateway of teller.stage.gateways) await teller.vote(gateway, id, 'yes');
  await teller.decide(id, 'adopted');
  const [project] = (await teller.list<Project>('/projects?status=approved')).filter(
    (each) => each.id === CREDENTIALS,
  );
  expect(project?.approved?.resolutionId === id, 'the project is founded by the resolution');
  return id;
}

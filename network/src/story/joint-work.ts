/** What the members do together at the end of the story: who runs what since when, on whose decision. */
import type { Announcement, Node, Participation, Project, Service, Site, Use } from 'umlauf-chaincode/api';
import type { Teller } from './teller.js';

/** As the REST interface gives it. */
export interface JointWork {
  readonly projects: Project[];
  readonly participations: Participation[];
  readonly services: Service[];
  readonly uses: Use[];
  readonly announcements: Announcement[];
  readonly sites: Site[];
  readonly nodes: Node[];
}

/** Reads it all, and tells it line by line. */
export async function whoRunsWhat(teller: Teller): Promise<JointWork> {
  const projects = await teller.list<Project>('/projects');
  const participations = await teller.list<Participation>('/participations');
  const services = await teller.list<Service>('/services');
  const uses = await teller.list<Use>('/uses');
  const sites = await teller.list<Site>('/sites');
  const nodes = await teller.list<Node>('/nodes');
  const announcements = await teller.list<Announcement>('/announcements');
  for (const { id, status, lead, leads, approved } of projects) {
    const by = approved?.resolutionId ?? approved?.recorded.mspId ?? 'nobody yet';
    const roles = participations
      .filter(({ projectId, status: agreed }) => projectId === id && agreed === 'agreed')
      .map(({ memberId, role, since }) => `${memberId} ${role} since ${day(since?.at)}`);
    teller.report({
      text: [
        `${id}: ${status}, decided by ${by}`,
        `led by ${lead} since ${day(leads.at(-1)?.recorded.at)}`,
        ...roles,
      ].join(', '),
    });
  }
  for (const { id, status, memberId, project } of services) {
    const users = uses
      .filter(({ serviceId, status: agreed }) => serviceId === id && agreed === 'agreed')
      .map(({ memberId: user, since }) => `used by ${user} since ${day(since?.at)}`);
    const from = project === undefined ? [] : [`from ${project}`];
    teller.report({ text: [`${id}: ${status}, offered by ${memberId}`, ...from, ...users].join(', ') });
  }
  for (const { id, memberId, runningSince } of sites) {
    const own = nodes.filter(({ site }) => site === id);
    const carried = own.flatMap(({ carries = [] }) => carries.map((each) => each.id));
    teller.report({
      text: [
        `${id}: operated by ${memberId} since ${runningSince ?? ''}`,
        own.map(({ kind }) => kind).join(', '),
        ...carried.map((each) => `carries ${each}`),
      ].join(', '),
    });
  }
  return { projects, participations, services, uses, announcements, sites, nodes };
}

const day = (instant: string | undefined): string => instant?.slice(0, 10) ?? '';

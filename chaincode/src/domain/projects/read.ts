import type { Call } from '../call';
import { enterForHeld, heldHistory, heldOfEntry } from '../held/held';
import type { HistoryStep } from '../history';
import { type PageRequest, daysBetween, pageOfAll, pageOfEntries } from '../paging';
import type { Page } from '../primitives';
import { enter } from '../register/cooperative';
import type { Project, ProjectFilter } from './project';
import { PROJECTS, projectsBy } from './projects';
import { projectView } from './status';

/** @throws {DomainError} `not-found` and what entering refuses */
export async function readProject(call: Call, { id }: { id: string }): Promise<Project> {
  return projectView((await enterForHeld(call, 'read', PROJECTS, id)).found);
}

/** In the order of their proposals. */
export async function listProjects(call: Call, filter: ProjectFilter): Promise<Page<Project>> {
  const { bylaws } = await enter(call, 'read');
  const { member, focusArea, status } = filter;
  return pageOfEntries(
    call.ledger,
    projectsBy(member, focusArea, status),
    { ...filter, ...daysBetween(filter, bylaws.timeZone) },
    async (entry) => projectView(await heldOfEntry(call, PROJECTS, entry)),
  );
}

/** @throws {DomainError} `not-found` and what entering refuses */
export async function projectHistory(
  call: Call,
  { id, ...request }: { id: string } & PageRequest,
): Promise<Page<HistoryStep>> {
  const { found } = await enterForHeld(call, 'read', PROJECTS, id);
  return pageOfAll(await heldHistory(call, PROJECTS, found), request);
}

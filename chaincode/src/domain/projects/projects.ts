/** Projects on the ledger. */
import { combinations } from '../indexing';
import type { HeldKind } from '../held/held';
import { holderOf } from '../held/holding';
import { indexPrefix } from '../keys';
import type { ProjectRecord, ProjectStatus } from './project';
import { projectStatus } from './status';

/** In the order of their proposals. */
export const PROJECTS: HeldKind<ProjectRecord> = {
  resource: 'project',
  facets: (held) =>
    combinations([holderOf(held.holding).memberId], held.record.focusAreas, [projectStatus(held)]),
  sort: ({ id, proposal }) => [proposal.recorded.at, id],
};

export const projectsBy = (member?: string, focusArea?: string, status?: ProjectStatus) =>
  indexPrefix('project', [member, focusArea, status]);

/** What follows from the facts recorded of a project. Nothing here is stored. */
import type { Held } from '../held/held';
import { holderOf } from '../held/holding';
import type { Phase, Project, ProjectRecord, ProjectStatus } from './project';

export function projectStatus({ record, holding }: Held<ProjectRecord>): ProjectStatus {
  if (holding.woundUp) return 'ended';
  const declared = record.phases.at(-1)?.phase;
  if (declared) return declared;
  if (holding.rejected) return 'stopped';
  if (!holding.approved) return 'proposed';
  return record.existing?.phase ?? 'approved';
}

/** Phases that its lead may declare next. */
export const NEXT_PHASES: Readonly<Record<ProjectStatus, readonly Phase[]>> = {
  proposed: ['stopped'],
  approved: ['in-development', 'in-introduction', 'in-operation', 'stopped'],
  'in-development': ['in-introduction', 'in-operation', 'ended', 'stopped'],
  'in-introduction': ['in-development', 'in-operation', 'ended', 'stopped'],
  'in-operation': ['in-development', 'in-introduction', 'ended', 'stopped'],
  ended: [],
  stopped: [],
};

export const originOf = ({ existing }: Pick<ProjectRecord, 'existing'>): Project['origin'] =>
  existing ? 'existing' : 'resolution';

export function projectView(held: Held<ProjectRecord>): Project {
  const { endorsement, ...record } = held.record;
  const { holders, ...decided } = held.holding;
  return {
    ...record,
    status: projectStatus(held),
    origin: originOf(record),
    lead: holderOf(held.holding).memberId,
    leads: holders,
    ...decided,
    endorsements: [endorsement],
  };
}

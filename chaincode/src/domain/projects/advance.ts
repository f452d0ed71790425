import { type Call, recorded } from '../call';
import { sameContent } from '../canonical';
import { DomainError } from '../errors';
import { enterForHeld, putRecord } from '../held/held';
import { checkDate, foundedOn } from '../register/dates';
import type { PhaseChange, Project } from './project';
import { PROJECTS } from './projects';
import { NEXT_PHASES, projectStatus, projectView } from './status';

/**
 * The lead's board declares the next phase, with its first day and what shows it.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `wrong-status`, `date-out-of-range` and what entering refuses
 */
export async function advanceProject(
  call: Call,
  { id, ...change }: { id: string } & PhaseChange,
): Promise<Project> {
  const { found, today } = await enterForHeld(call, 'advance-project', PROJECTS, id);
  const last = found.record.phases.at(-1);
  if (last) {
    const { recorded: _recorded, ...declared } = last;
    if (sameContent(declared, change)) throw new DomainError('unchanged', { resource: 'project' });
  }
  const status = projectStatus(found);
  if (!NEXT_PHASES[status].includes(change.phase))
    throw new DomainError('wrong-status', {
      resource: 'project',
      status,
      allowed: Object.entries(NEXT_PHASES)
        .filter(([, next]) => next.includes(change.phase))
        .map(([name]) => name),
    });
  checkDate(change.on, last?.on ?? (await foundedOn(call)), today);
  const record = {
    ...found.record,
    phases: [...found.record.phases, { ...change, recorded: recorded(call) }],
  };
  const after = await putRecord(call, PROJECTS, found, record);
  call.tell('project.phase', id, { phase: change.phase, on: change.on });
  return projectView(after);
}

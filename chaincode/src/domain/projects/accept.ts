import { type Call, recorded } from '../call';
import { DomainError } from '../errors';
import { enterForHeld, putHolding } from '../held/held';
import { holderOf } from '../held/holding';
import { callersMember } from '../register/cooperative';
import type { Project } from './project';
import { PROJECTS } from './projects';
import { requireOrigin } from './propose';
import { projectStatus, projectView } from './status';

/**
 * A board-holding organization accepts an existing project that another member has brought in.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `project-origin`, `wrong-status`, `own-resource` and what entering
 *   refuses
 */
export async function acceptProject(call: Call, { id }: { id: string }): Promise<Project> {
  const { found, ...cooperative } = await enterForHeld(
    call,
    'accept-project',
    PROJECTS,
    id,
    ({ record }) => ({
      possibleSince: record.proposal.recorded.at,
    }),
  );
  requireOrigin(found.record, 'existing');
  if (found.holding.approved) throw new DomainError('unchanged', { resource: 'project' });
  const status = projectStatus(found);
  if (status !== 'proposed')
    throw new DomainError('wrong-status', { resource: 'project', status, allowed: ['proposed'] });
  if (callersMember(cooperative) === holderOf(found.holding).memberId)
    throw new DomainError('own-resource', { resource: 'project' });
  const after = await putHolding(call, PROJECTS, found, { approved: { recorded: recorded(call) } });
  call.tell('project.approved', id, { status: projectStatus(after) });
  return projectView(after);
}

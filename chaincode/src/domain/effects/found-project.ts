import { recorded } from '../call';
import { findHeld, putHolding } from '../held/held';
import { PROJECTS } from '../projects/projects';
import { originOf, projectStatus } from '../projects/status';
import type { EffectDefinition } from './effect';

/** Founds a project that a member has proposed and leads. Rejected, it is stopped; lapsed, it may be voted on again. */
export const foundProject: EffectDefinition<'found-project'> = {
  kind: 'found-project',
  matter: 'project',
  effective: 'at-once',
  target: ({ projectId }) => ({ kind: 'project', id: projectId }),

  // Members vote on this content.
  pin: async (input, { call }) => {
    const found = await findHeld(call, PROJECTS, input.projectId);
    return { ...input, ...(found && { contentSha256: input.contentSha256 ?? found.record.contentSha256 }) };
  },

  validate: async ({ projectId, contentSha256 }, { call }) => {
    const found = await findHeld(call, PROJECTS, projectId);
    if (!found) return 'no-such-project';
    if (originOf(found.record) === 'existing') return 'project-is-existing';
    const status = projectStatus(found);
    if (status !== 'proposed') return `project-is-${status}`;
    return (contentSha256 ?? found.record.contentSha256) === found.record.contentSha256
      ? undefined
      : 'project-differs';
  },

  adopted: async ({ projectId }, { call, resolutionId }) => {
    const found = await findHeld(call, PROJECTS, projectId);
    if (!found) throw new Error('a project that was validated is gone');
    await putHolding(call, PROJECTS, found, { approved: { resolutionId, recorded: recorded(call) } });
    call.tell('project.approved', projectId, { resolutionId, status: 'approved' });
    return { effective: 'at-once', effectiveAt: call.at, executed: recorded(call) };
  },

  rejected: async ({ projectId }, { call, resolutionId }) => {
    const found = await findHeld(call, PROJECTS, projectId);
    if (!found || projectStatus(found) !== 'proposed') return;
    await putHolding(call, PROJECTS, found, { rejected: { resolutionId, recorded: recorded(call) } });
    call.tell('project.rejected', projectId, { resolutionId });
  },
};

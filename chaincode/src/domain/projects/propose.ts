import { type Call, recorded } from '../call';
import { contentSha256 } from '../canonical';
import { DomainError } from '../errors';
import { createHeld, requireNewId } from '../held/held';
import { callersMember, enter } from '../register/cooperative';
import { requireFocusAreas } from '../register/focus-areas';
import type { Project, ProjectProposal } from './project';
import { PROJECTS } from './projects';
import { originOf, projectView } from './status';

/**
 * The board of an admitted member proposes a project, which its member leads: a new one, which a resolution has to found,
 * or an existing one that it brings in, which the cooperative's board accepts.
 *
 * @throws {DomainError} `unchanged`, `id-conflict`, `reference-unknown` and what entering refuses
 */
export async function proposeProject(call: Call, proposal: ProjectProposal): Promise<Project> {
  const cooperative = await enter(call, 'propose-project');
  const sha256 = contentSha256(proposal);
  await requireNewId(call, PROJECTS, { id: proposal.id, contentSha256: sha256 });
  requireFocusAreas(cooperative.bylaws, proposal.focusAreas);
  const memberId = callersMember(cooperative);
  const project = await createHeld(call, cooperative.bylaws, PROJECTS, memberId, {
    ...proposal,
    contentSha256: sha256,
    proposal: { memberId, recorded: recorded(call) },
    phases: [],
  });
  call.tell('project.proposed', proposal.id, { memberId, origin: originOf(proposal) });
  return projectView(project);
}

/** What a resolution founds isn't accepted, and what was brought in isn't founded. */
export function requireOrigin(project: Pick<Project, 'existing'>, origin: Project['origin']): void {
  const is = originOf(project);
  if (is !== origin) throw new DomainError('project-origin', { origin: is });
}

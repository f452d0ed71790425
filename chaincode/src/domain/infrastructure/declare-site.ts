import { type Call, recorded } from '../call';
import { contentSha256 } from '../canonical';
import { createHeld, requireNewId } from '../held/held';
import { callersMember, enter } from '../register/cooperative';
import { createNode } from './declare-node';
import { SITES, siteView } from './records';
import { checkRunningSince, requireRunnable } from './rules';
import type { Site, SiteDeclaration } from './site';

/**
 * A member's board declares a site that its member operates, and with it the first nodes there.
 *
 * @throws {DomainError} `unchanged`, `id-conflict`, `reference-unknown`, `wrong-status`, `date-out-of-range` and what
 *   entering refuses
 */
export async function declareSite(call: Call, declaration: SiteDeclaration): Promise<Site> {
  const cooperative = await enter(call, 'declare-site');
  const { nodes = [], ...content } = declaration;
  const sha256 = contentSha256(declaration);
  await requireNewId(call, SITES, { id: content.id, contentSha256: sha256 });
  const { bylaws, today } = cooperative;
  await checkRunningSince(call, content, today);
  const { runningSince } = content;
  const status = runningSince === undefined ? 'planned' : 'running';
  for (const node of nodes) requireRunnable(node, { status, runningSince }, today);
  const memberId = callersMember(cooperative);
  const site = await createHeld(call, bylaws, SITES, memberId, {
    ...content,
    contentSha256: sha256,
    declared: { memberId, recorded: recorded(call) },
  });
  call.tell('site.declared', content.id, { memberId, kind: content.kind, status });
  for (const node of nodes) await createNode(call, cooperative, { ...node, site: content.id });
  return siteView(site);
}

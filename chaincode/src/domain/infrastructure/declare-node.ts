import { type Call, recorded } from '../call';
import { contentSha256 } from '../canonical';
import { DomainError } from '../errors';
import { createHeld, findHeld, requireNewId } from '../held/held';
import { holderOf } from '../held/holding';
import { type Cooperative, callersMember, enter } from '../register/cooperative';
import type { Node, NodeDeclaration } from './node';
import { NODES, SITES, nodeView } from './records';
import { asSite, checkCarried, checkRunningSince, requireRunnable } from './rules';

/**
 * A member's board declares a node at one of its member's sites.
 *
 * @throws {DomainError} `unchanged`, `id-conflict`, `reference-unknown`, `site-of-another`, `wrong-status`,
 *   `date-out-of-range` and what entering refuses
 */
export async function declareNode(call: Call, declaration: NodeDeclaration): Promise<Node> {
  const cooperative = await enter(call, 'declare-node');
  const site = await findHeld(call, SITES, declaration.site);
  if (!site) throw new DomainError('reference-unknown', { field: 'site', resource: 'site' });
  const operator = holderOf(site.holding).memberId;
  if (operator !== callersMember(cooperative))
    throw new DomainError('site-of-another', { memberId: operator });
  const created = await createNode(call, cooperative, declaration, () =>
    requireRunnable(declaration, asSite(site), cooperative.today),
  );
  return created;
}

/** Puts a node on the ledger. @param check what else has to hold of a new one */
export async function createNode(
  call: Call,
  cooperative: Cooperative,
  declaration: NodeDeclaration,
  check: () => void = () => undefined,
): Promise<Node> {
  const { id, site, kind } = declaration;
  const sha256 = contentSha256(declaration);
  await requireNewId(call, NODES, { id, contentSha256: sha256 });
  check();
  await checkRunningSince(call, declaration, cooperative.today);
  await checkCarried(call, declaration);
  const memberId = callersMember(cooperative);
  const node = nodeView(
    await createHeld(call, cooperative.bylaws, NODES, memberId, {
      ...declaration,
      contentSha256: sha256,
      declared: { memberId, recorded: recorded(call) },
    }),
  );
  call.tell('node.declared', id, { memberId, site, kind, status: node.status });
  return node;
}

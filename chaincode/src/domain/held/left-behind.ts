/** What a member that has left the cooperative still holds: a resolution hands it over or winds it up. */
import type { Bylaws } from '../bylaws';
import { type Call, recorded } from '../call';
import { operationStatus } from '../infrastructure/operation';
import { NODES, SITES, nodesBy, sitesBy } from '../infrastructure/records';
import type { Prefix } from '../ledger';
import { membership } from '../members/status';
import { type PageRequest, pageOfMatches } from '../paging';
import type { Page } from '../primitives';
import { PROJECTS, projectsBy } from '../projects/projects';
import { projectStatus } from '../projects/status';
import { findMember } from '../register/register';
import { SERVICES, servicesBy } from '../services/services';
import { serviceStatus } from '../services/status';
import {
  type Held,
  type HeldKind,
  type HeldRecord,
  findHeld,
  handOver,
  heldOfEntry,
  putHolding,
} from './held';
import { type HeldResource, holderOf } from './holding';

/** A resource, of whatever kind. */
interface Resource {
  readonly holder: string;
  /** It has come to its end. */
  readonly isOver: boolean;
  readonly handOver: (bylaws: Bylaws, memberId: string, resolutionId: string) => Promise<void>;
  readonly windUp: (resolutionId: string) => Promise<void>;
}

interface Kind {
  readonly find: (call: Call, id: string) => Promise<Resource | undefined>;
  /** Ids of what a member holds, as far as it isn't over. */
  readonly heldBy: (call: Call, memberId: string, request: PageRequest) => Promise<Page<string>>;
}

const kindOf = <R extends HeldRecord>(
  kind: HeldKind<R>,
  by: (memberId: string) => Prefix<unknown>,
  isOver: (held: Held<R>) => boolean,
): Kind => ({
  find: async (call, id) => {
    const held = await findHeld(call, kind, id);
    return held && resource(call, kind, held, isOver(held));
  },
  heldBy: (call, memberId, request) =>
    pageOfMatches(call.ledger, by(memberId), request, async (entry) => {
      const held = await heldOfEntry(call, kind, entry);
      return isOver(held) ? undefined : held.record.id;
    }),
});

function resource<R extends HeldRecord>(
  call: Call,
  kind: HeldKind<R>,
  held: Held<R>,
  isOver: boolean,
): Resource {
  const { id } = held.record;
  return {
    holder: holderOf(held.holding).memberId,
    isOver,
    handOver: async (bylaws, memberId, resolutionId) => {
      await handOver(call, bylaws, kind, held, { memberId, resolutionId, recorded: recorded(call) });
      call.tell(`${kind.resource}.handed-over`, id, { memberId, resolutionId });
    },
    windUp: async (resolutionId) => {
      await putHolding(call, kind, held, { woundUp: { resolutionId, recorded: recorded(call) } });
      call.tell(`${kind.resource}.wound-up`, id, { resolutionId });
    },
  };
}

const KINDS: Readonly<Record<HeldResource, Kind>> = {
  project: kindOf(
    PROJECTS,
    (memberId) => projectsBy(memberId),
    (held) => ['ended', 'stopped'].includes(projectStatus(held)),
  ),
  site: kindOf(
    SITES,
    (member) => sitesBy({ member }),
    (held) => operationStatus(held) === 'ended',
  ),
  node: kindOf(
    NODES,
    (member) => nodesBy({ member }),
    (held) => operationStatus(held) === 'ended',
  ),
  service: kindOf(
    SERVICES,
    (memberId) => servicesBy(memberId),
    (held) => serviceStatus(held) === 'withdrawn',
  ),
};

/** A resource by its kind and id. */
interface ResourceReference {
  readonly resource: HeldResource;
  readonly id: string;
}

const findResource = (call: Call, { resource: name, id }: ResourceReference): Promise<Resource | undefined> =>
  KINDS[name].find(call, id);

/** Ids of what a member holds of one kind, as far as it isn't over. */
export const heldBy = (
  call: Call,
  name: HeldResource,
  memberId: string,
  request: PageRequest,
): Promise<Page<string>> => KINDS[name].heldBy(call, memberId, request);

/** @throws {Error} if it isn't there although it was validated */
export async function getResource(call: Call, reference: ResourceReference): Promise<Resource> {
  const found = await findResource(call, reference);
  if (!found) throw new Error(`a ${reference.resource} that was validated is gone`);
  return found;
}

/** Why nothing can be decided over it, if nothing can: whoever is a member decides over its own. */
export async function whyNotLeftBehind(
  call: Call,
  reference: ResourceReference,
  today: string,
): Promise<string | undefined> {
  const found = await findResource(call, reference);
  if (!found) return `no-such-${reference.resource}`;
  if (found.isOver) return `${reference.resource}-is-over`;
  const holder = await findMember(call, found.holder);
  return membership(holder, today) === 'outside' ? undefined : 'holder-is-a-member';
}

/** Nodes: the running parts of the infrastructure, each at a site of the member that operates it. */
import { z } from 'zod';
import { Id, Line, MemberId, Paging } from '../primitives';
import { OperationStatus, RunningSince, operatedRecord, operatedView } from './operation';

export const NODE_KINDS = ['peer', 'orderer', 'chaincode-service', 'gateway', 'other'] as const;
export const NodeKind = z.enum(NODE_KINDS).meta({ description: 'What runs there' });
export type NodeKind = z.infer<typeof NodeKind>;

/** Kinds that a channel tells by their endpoints. */
export const KINDS_ON_CHANNEL = ['peer', 'orderer'] as const satisfies readonly NodeKind[];
export const isOnChannel = (kind: NodeKind): boolean => KINDS_ON_CHANNEL.some((each) => each === kind);
export const NO_ENDPOINT = 'only a peer or an orderer has an endpoint on the channel';

const HIGHEST_PORT = 65_535;

/** As the channel tells it, so that both can be compared. */
const Endpoint = z
  .string()
  .max(260)
  .regex(
    /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\]):[1-9]\d{0,4}$/,
    'must be host:port',
  )
  .refine((value) => Number(value.slice(value.lastIndexOf(':') + 1)) <= HIGHEST_PORT, 'must end in a port')
  .meta({
    description: 'Where the others on the channel reach a peer or an orderer, host:port',
    example: 'peer.itdz.example:7051',
  });

const unique = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

const Carried = z.strictObject({ resource: z.enum(['project', 'service']), id: Id });
const Carries = z
  .array(Carried)
  .min(1)
  .max(20)
  .refine((all) => unique(all.map(({ resource, id }) => `${resource} ${id}`)), 'must not repeat anything')
  .meta({ description: 'Projects and services that the node carries' });

const content = {
  id: Id.meta({ example: 'itdz-berlin-peer' }),
  kind: NodeKind,
  endpoint: Endpoint.optional(),
  carries: Carries.optional(),
  description: Line.optional().meta({ example: 'Virtual machine in the second fire section' }),
};
const declared = { ...content, runningSince: RunningSince.optional() };
export const hasNoOtherEndpoint = ({
  kind,
  endpoint,
}: {
  kind: NodeKind;
  endpoint?: string | undefined;
}): boolean => endpoint === undefined || isOnChannel(kind);
const otherEndpoint = { path: ['endpoint'], error: NO_ENDPOINT };

/** A node that is declared together with its site. */
export const NodeOfSite = z.strictObject(declared).refine(hasNoOtherEndpoint, otherEndpoint);
export type NodeOfSite = z.infer<typeof NodeOfSite>;

export const NodeContent = z.strictObject({
  ...declared,
  site: Id.meta({ description: "A site of the caller's member" }),
});

/** Input of `nodes:declare`. */
export const NodeDeclaration = NodeContent.refine(hasNoOtherEndpoint, otherEndpoint).meta({
  id: 'NodeDeclaration',
});
export type NodeDeclaration = z.infer<typeof NodeDeclaration>;

/** Input of `nodes:change`, beside the id; null takes away what was declared. */
export const NodeChange = z
  .strictObject({
    endpoint: Endpoint.nullable(),
    carries: Carries.nullable(),
    description: Line.nullable(),
    runningSince: RunningSince,
  })
  .partial()
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'must change something')
  .meta({ id: 'NodeChange' });
export type NodeChange = z.infer<typeof NodeChange>;

/** What its operator keeps of a node. */
export const NodeRecord = z.object({
  ...content,
  site: Id,
  ...operatedRecord,
});
export type NodeRecord = z.infer<typeof NodeRecord>;

/** A node as it is answered. */
export const Node = NodeRecord.omit({ endorsement: true }).extend(operatedView).meta({ id: 'Node' });
export type Node = z.infer<typeof Node>;

/** Filters of `GET /nodes`. */
export const NodeFilter = z
  .strictObject({
    ...Paging.shape,
    member: MemberId.optional().meta({ description: 'Operated by this member' }),
    site: Id.optional().meta({ description: "At this site; without `member`, for a site is one member's" }),
    kind: NodeKind.optional(),
    status: OperationStatus.optional(),
  })
  .refine(({ member, site }) => member === undefined || site === undefined, 'site goes without member');
export type NodeFilter = z.output<typeof NodeFilter>;

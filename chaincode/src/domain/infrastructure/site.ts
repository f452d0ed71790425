/** Sites: the data centres and clouds that members operate. */
import { z } from 'zod';
import { Id, Line, MemberId, Paging } from '../primitives';
import { NodeOfSite } from './node';
import { OperationStatus, RunningSince, operatedRecord, operatedView } from './operation';

export const SITE_KINDS = ['data-centre', 'cloud'] as const;
export const SiteKind = z.enum(SITE_KINDS).meta({ description: 'What it is' });
export type SiteKind = z.infer<typeof SiteKind>;

const content = {
  id: Id.meta({ example: 'itdz-berlin-data-centre' }),
  name: Line.meta({ example: 'Data centre of ITDZ Berlin' }),
  kind: SiteKind,
  municipality: Line.optional().meta({ description: 'Municipality that it stands in', example: 'Berlin' }),
};

/** Input of `sites:declare`. */
export const SiteDeclaration = z
  .strictObject({
    ...content,
    runningSince: RunningSince.optional(),
    nodes: z
      .array(NodeOfSite)
      .min(1)
      .max(20)
      .refine((nodes) => new Set(nodes.map(({ id }) => id)).size === nodes.length, 'must not repeat an id')
      .optional()
      .meta({ description: 'Its first nodes, declared with it' }),
  })
  .meta({ id: 'SiteDeclaration' });
export type SiteDeclaration = z.infer<typeof SiteDeclaration>;

/** Input of `sites:change`, beside the id. */
export const SiteChange = z
  .strictObject({ name: content.name, municipality: content.municipality, runningSince: RunningSince })
  .partial()
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'must change something')
  .meta({ id: 'SiteChange' });
export type SiteChange = z.infer<typeof SiteChange>;

/** What its operator keeps of a site. */
export const SiteRecord = z.object({
  ...content,
  ...operatedRecord,
});
export type SiteRecord = z.infer<typeof SiteRecord>;

/** A site as it is answered. */
export const Site = SiteRecord.omit({ endorsement: true }).extend(operatedView).meta({ id: 'Site' });
export type Site = z.infer<typeof Site>;

/** Filters of `GET /sites`. */
export const SiteFilter = z.strictObject({
  ...Paging.shape,
  member: MemberId.optional().meta({ description: 'Operated by this member' }),
  kind: SiteKind.optional(),
  status: OperationStatus.optional(),
});
export type SiteFilter = z.output<typeof SiteFilter>;

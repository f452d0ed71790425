/** What waits for somebody or disagrees: shown until it is settled. */
import { z } from 'zod';
import { Id, MemberId, MspId, Paging } from './primitives';

export const OPEN_POINTS = [
  'member-not-on-network',
  'organization-not-covered',
  'receipt-due',
  'resolution-due',
  'opening-due',
  'registration-due',
  'dispatch-due',
  'ending-due',
  'project-without-lead',
  'participation-awaiting',
  'service-without-operator',
  'use-awaiting',
  'site-of-former-member',
  'node-of-former-member',
] as const;

export const OpenPointKind = z.enum(OPEN_POINTS);
export type OpenPointKind = z.infer<typeof OpenPointKind>;

/** Filter of `GET /open-points`. */
export const OpenPointFilter = z.strictObject({ ...Paging.shape, kind: OpenPointKind.optional() });
export type OpenPointFilter = z.output<typeof OpenPointFilter>;

export const OpenPoint = z
  .object({
    id: z.string(),
    status: z.literal('open'),
    kind: OpenPointKind,
    memberId: MemberId.optional(),
    mspId: MspId.optional(),
    resolutionId: Id.optional(),
    projectId: Id.optional(),
    serviceId: Id.optional(),
    siteId: Id.optional(),
    nodeId: Id.optional(),
    detail: z.string(),
  })
  .meta({ id: 'OpenPoint' });
export type OpenPoint = z.infer<typeof OpenPoint>;

/**
 * What events tell. Fabric keeps only the last event of a transaction, so there is one: name `umlauf.v1`, payload an
 * ordered list of facts. A consumer addresses a fact by transaction id and index.
 */
export const EVENT_NAME = 'umlauf.v1';

export const FACT_TYPES = [
  'foundation.submitted',
  'foundation.confirmed',
  'foundation.held',
  'bylaws.in-force',
  'member.applied',
  'member.withdrawn',
  'member.admitted',
  'member.rejected',
  'member.changed',
  'member.joined',
  'member.resigned',
  'member.resignation-received',
  'member.exclusion-decided',
  'member.exclusion-dispatched',
  'member.former',
  'resolution.proposed',
  'resolution.received',
  'resolution.opened',
  'resolution.withdrawn',
  'resolution.decided',
  'resolution.finding',
  'resolution.registered',
  'ballot.cast',
  'project.proposed',
  'project.approved',
  'project.rejected',
  'project.phase',
  'project.lead',
  'project.handed-over',
  'project.wound-up',
  'participation.proposed',
  'participation.agreed',
  'participation.declined',
  'participation.ended',
  'service.offered',
  'service.changed',
  'service.advanced',
  'service.withdrawal-announced',
  'service.withdrawn',
  'use.proposed',
  'use.agreed',
  'use.declined',
  'use.ended',
  'site.declared',
  'site.changed',
  'site.ended',
  'site.handed-over',
  'site.wound-up',
  'node.declared',
  'node.changed',
  'node.ended',
  'node.handed-over',
  'node.wound-up',
  'service.handed-over',
  'service.wound-up',
  'effect.executed',
  'effect.failed',
  'document.shared',
  'document.superseded',
  'announcement.drafted',
  'announcement.withdrawn',
  'announcement.released',
  'announcement.corrected',
] as const;
export type FactType = (typeof FACT_TYPES)[number];

/** One fact; `id` is the resource's, `data` small and without personal data. */
export interface Fact {
  readonly type: FactType;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

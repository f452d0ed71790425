/** What sites and nodes have in common: they are planned, run, and end. */
import { z } from 'zod';
import { Endorsement } from '../endorsement';
import type { Held, HeldRecord } from '../held/held';
import { Holder, Holding } from '../held/holding';
import { LegalDate, MemberId, MspId, Recorded, Sha256 } from '../primitives';

export const OPERATION_STATUSES = ['planned', 'running', 'ended'] as const;
export const OperationStatus = z
  .enum(OPERATION_STATUSES)
  .meta({ description: 'Status, derived from the recorded facts' });
export type OperationStatus = z.infer<typeof OperationStatus>;

export const RunningSince = LegalDate.meta({
  description: 'First day of its operation, from the foundation until today; without one it is planned',
  example: '2021-03-01',
});

/** What its operator keeps of either, beside what it is. */
export const operatedRecord = {
  runningSince: RunningSince.optional(),
  changed: Recorded.optional().meta({ description: 'When its declaration was last changed' }),
  ended: z
    .object({ on: LegalDate.meta({ description: 'Last day of its operation' }), recorded: Recorded })
    .optional(),
  endorsement: Endorsement,
  contentSha256: Sha256,
  declared: z.object({ memberId: MemberId, recorded: Recorded }),
};

/** What is answered of either beside its record. */
export const operatedView = {
  status: OperationStatus,
  memberId: MemberId.meta({ description: 'The member that operates it now' }),
  mspId: MspId.meta({ description: "That member's organization" }),
  operators: z.array(Holder).meta({ description: 'Who operated it since when' }),
  woundUp: Holding.shape.woundUp,
  endorsements: z.array(Endorsement),
};

/** Input of `sites:end` and `nodes:end`, beside the id. */
export const OperationEnd = z
  .strictObject({
    on: LegalDate.meta({ description: 'Last day of its operation, not after today', example: '2021-12-31' }),
  })
  .meta({ id: 'OperationEnd' });

interface OperatedRecord extends HeldRecord {
  readonly runningSince?: string | undefined;
  readonly ended?: unknown;
}

/** What a resolution has wound up has ended, whatever its holder declared. */
export function operationStatus({ record, holding }: Held<OperatedRecord>): OperationStatus {
  if (holding.woundUp || record.ended) return 'ended';
  return record.runningSince === undefined ? 'planned' : 'running';
}

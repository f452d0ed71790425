/** What the acts on a foundation share: its founders against the channel, and how it is answered. */
import type { Call } from '../call';
import { DomainError } from '../errors';
import type { Foundation, FoundationInput } from '../foundation';
import {
  type FoundationConfirmation,
  type FoundationSubmission,
  type HeldFoundation,
  foundationConfirmation,
  foundationSubmission,
  heldFoundation,
} from '../keys';

/** So many names fit into an error: Fabric carries it once for each endorser. */
const NAMES_IN_ERROR = 5;

/**
 * The founders must be exactly the channel's organizations.
 *
 * @param approved whether each must also have approved the chaincode, so that its peer can endorse.
 * @throws {DomainError} `founders-mismatch`, `member-not-on-network`
 */
export async function checkFounders(
  call: Call,
  { members }: FoundationInput,
  approved: boolean,
): Promise<void> {
  const organizations = await call.network.organizations();
  const founders = new Set(members.map(({ mspId }) => mspId));
  const missing = [...organizations.keys()].filter((mspId) => !founders.has(mspId)).sort();
  const unexpected = [...founders].filter((mspId) => !organizations.has(mspId)).sort();
  if (missing.length + unexpected.length > 0)
    throw new DomainError('founders-mismatch', {
      missing: missing.slice(0, NAMES_IN_ERROR),
      unexpected: unexpected.slice(0, NAMES_IN_ERROR),
    });
  const waiting = [...founders].sort().find((mspId) => organizations.get(mspId) !== true);
  if (approved && waiting !== undefined) throw new DomainError('member-not-on-network', { mspId: waiting });
}

/** @throws {DomainError} `not-found` */
export async function getSubmission(call: Call, id: string): Promise<FoundationSubmission> {
  const submission = await call.ledger.get(foundationSubmission(id));
  if (!submission) throw new DomainError('not-found', { resource: 'foundation' });
  return submission;
}

/** Every founder's confirmation, of this or another foundation, by MSP id. */
export async function confirmationsOf(
  call: Call,
  { members }: FoundationInput,
): Promise<Map<string, FoundationConfirmation>> {
  const found = await Promise.all(
    members.map(async ({ mspId }) => [mspId, await call.ledger.get(foundationConfirmation(mspId))] as const),
  );
  return new Map(found.flatMap(([mspId, entry]) => (entry ? [[mspId, entry]] : [])));
}

/** How the submission is answered with these confirmations and the foundation that holds, if one does. */
export function foundationView(
  submission: FoundationSubmission,
  confirmations: ReadonlyMap<string, FoundationConfirmation>,
  held: HeldFoundation | undefined,
): Foundation {
  const confirmed = submission.members.flatMap(({ id, mspId }) => {
    const entry = confirmations.get(mspId);
    return entry?.foundation === submission.id ? [{ memberId: id, mspId, recorded: entry.recorded }] : [];
  });
  const holds = held?.id === submission.id;
  return {
    ...submission,
    status: holds ? 'held' : held ? 'superseded' : 'submitted',
    confirmations: confirmed,
    missing: submission.members
      .map(({ id }) => id)
      .filter((id) => !confirmed.some(({ memberId }) => memberId === id)),
    ...(holds && { heldAt: held.recorded.at }),
  };
}

export async function viewFoundation(call: Call, submission: FoundationSubmission): Promise<Foundation> {
  return foundationView(
    submission,
    await confirmationsOf(call, submission),
    await call.ledger.get(heldFoundation),
  );
}

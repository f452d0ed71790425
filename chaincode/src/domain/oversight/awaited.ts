/** Agreements that one side has declared and the other has not answered yet. */
import type { Agreement, AgreementKind } from '../agreements/kind';
import { agreementsAwaiting, readAgreement } from '../agreements/records';
import { isAwaiting } from '../agreements/state';
import type { Call } from '../call';
import { findHeld } from '../held/held';
import { holderOf } from '../held/holding';
import { holding as holdingKey } from '../keys';
import type { OpenPoint } from '../open-points';
import { pageOfMatches } from '../paging';
import { PARTICIPATIONS } from '../projects/participation';
import { SERVICES } from '../services/services';
import { serviceStatus } from '../services/status';
import { USES } from '../services/uses';
import { type PointList, point } from './point';

/** What is over waits for nobody, nor does an invitation of a member that holds it no more. */
async function awaited(
  call: Call,
  kind: AgreementKind,
  parts: readonly string[],
  zone: string,
): Promise<Agreement | undefined> {
  const [resourceId = '', memberId = '', role = ''] = parts.slice(-3);
  const holding = await call.ledger.get(holdingKey(kind.resource, resourceId));
  if (!holding || holding.woundUp || holding.rejected) return undefined;
  const agreement = await readAgreement(call, kind, { resourceId, memberId, role }, holding, zone);
  return isAwaiting(agreement.state) ? agreement : undefined;
}

/** The member whose answer is missing. */
const waitsFor = ({ state, reference, holding }: Agreement): string =>
  state.status === 'invited' ? reference.memberId : holderOf(holding).memberId;

const listOf = (
  call: Call,
  kind: AgreementKind,
  zone: string,
  shown: OpenPoint['kind'],
  pointOf: (agreement: Agreement) => OpenPoint | undefined | Promise<OpenPoint | undefined>,
): PointList => ({
  name: shown,
  kinds: [shown],
  page: (request) =>
    pageOfMatches(call.ledger, agreementsAwaiting(kind.name), request, async ({ parts }) => {
      const agreement = await awaited(call, kind, parts, zone);
      return agreement && pointOf(agreement);
    }),
});

export const awaitedParticipations = (call: Call, zone: string): PointList =>
  listOf(call, PARTICIPATIONS, zone, 'participation-awaiting', (agreement) => {
    const { resourceId: projectId, memberId, role } = agreement.reference;
    const detail = `The participation as ${role} waits for the answer of ${waitsFor(agreement)}.`;
    const subject = [projectId, memberId, role].join('.');
    return point('participation-awaiting', subject, detail, { projectId, memberId });
  });

export const awaitedUses = (call: Call, zone: string): PointList =>
  listOf(call, USES, zone, 'use-awaiting', async (agreement) => {
    const { resourceId: serviceId, memberId } = agreement.reference;
    const service = await findHeld(call, SERVICES, serviceId);
    if (!service || serviceStatus(service) === 'withdrawn') return undefined;
    const detail = `The use waits for the answer of ${waitsFor(agreement)}.`;
    return point('use-awaiting', [serviceId, memberId].join('.'), detail, { serviceId, memberId });
  });

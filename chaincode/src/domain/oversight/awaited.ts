/** Agreements that one side has declared and the other has not answered yet. */
import { type Agreement, type AgreementKind, agreementsAwaiting, readAgreement } from '../agreements/records';
import type { Call } from '../call';
import { findHeld } from '../held/held';
import { holderOf } from '../held/holding';
import { holding as holdingKey } from '../keys';
import type { OpenPoint } from '../open-points';
import { PARTICIPATIONS } from '../projects/participation';
import { SERVICES } from '../services/services';
import { serviceStatus } from '../services/status';
import { USES } from '../services/uses';
import { point } from './point';

async function awaited(call: Call, kind: AgreementKind, zone: string): Promise<Agreement[]> {
  const entries = await call.ledger.range(agreementsAwaiting(kind.name));
  const agreements = entries.map(async ({ parts }) => {
    const [resourceId = '', memberId = '', role = ''] = parts.slice(-3);
    const holding = await call.ledger.get(holdingKey(kind.resource, resourceId));
    // What is over waits for nobody.
    if (!holding || holding.woundUp || holding.rejected) return [];
    return [await readAgreement(call, kind, { resourceId, memberId, role }, holding, zone)];
  });
  return (await Promise.all(agreements)).flat();
}

/** The member whose answer is missing. */
const waitsFor = ({ state, reference, holding }: Agreement): string =>
  state.status === 'invited' ? reference.memberId : holderOf(holding).memberId;

export async function awaitedParticipations(call: Call, zone: string): Promise<OpenPoint[]> {
  const agreements = await awaited(call, PARTICIPATIONS, zone);
  return agreements.map((agreement) => {
    const { resourceId: projectId, memberId, role } = agreement.reference;
    const detail = `The participation as ${role} waits for the answer of ${waitsFor(agreement)}.`;
    const subject = [projectId, memberId, role].join('.');
    return point('participation-awaiting', subject, detail, { projectId, memberId });
  });
}

export async function awaitedUses(call: Call, zone: string): Promise<OpenPoint[]> {
  const points = (await awaited(call, USES, zone)).map(async (agreement) => {
    const { resourceId: serviceId, memberId } = agreement.reference;
    const service = await findHeld(call, SERVICES, serviceId);
    if (!service || serviceStatus(service) === 'withdrawn') return [];
    const detail = `The use waits for the answer of ${waitsFor(agreement)}.`;
    return [point('use-awaiting', [serviceId, memberId].join('.'), detail, { serviceId, memberId })];
  });
  return (await Promise.all(points)).flat();
}

/** What tests declare: a project and a service, as their members put them forward. */
import type { InputOf } from '../api/transactions';

type Project = InputOf<'projects:propose'>;
type Service = InputOf<'services:offer'>;

/** Founded by a resolution, unless the change says that it exists. */
export const project = (change: Partial<Project> = {}): Project => ({
  id: 'joint-ledger',
  title: 'Joint ledger',
  purpose: 'Members run a ledger together.',
  focusAreas: ['blockchain'],
  kind: 'joint-operation',
  ...change,
});
/** Of a project that is in operation already. */
export const EXISTING = { existing: { phase: 'in-operation' } } as const satisfies Partial<Project>;

export const service = (change: Partial<Service> = {}): Service => ({
  id: 'proof-check',
  name: 'Certificate verification',
  provider: { body: 'Senate Chancellery', level: 'state' },
  focusAreas: ['blockchain'],
  description: { de: 'Prüft Nachweise.' },
  ...change,
});

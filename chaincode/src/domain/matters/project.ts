import type { MatterDefinition } from './matter';

/** The founding of a project: the cooperative's business, for which the law asks no more than for any other. */
export const project: MatterDefinition = {
  german: 'Gründung eines Vorhabens',
  statutory: { majority: 'simple', source: '§43(2) GenG', since: '2006-08-18' },
};

import type { MatterDefinition } from './matter';

/** Whatever has no rule of its own. */
export const ordinary: MatterDefinition = {
  german: 'Gewöhnlicher Gegenstand',
  statutory: { majority: 'simple', source: '§43(2) GenG', since: '2006-08-18' },
};

import type { MatterDefinition } from './matter';

/** Elections. */
export const election: MatterDefinition = {
  german: 'Wahl',
  statutory: { majority: 'simple', source: '§43(2) GenG', since: '2006-08-18' },
};

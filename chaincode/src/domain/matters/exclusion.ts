import type { MatterDefinition } from './matter';

/** Exclusion of a member, to the end of a financial year, after a hearing. */
export const exclusion: MatterDefinition = {
  german: 'Ausschluss eines Mitglieds',
  statutory: { majority: 'simple', source: '§68, §43(2) GenG', since: '2006-08-18' },
};

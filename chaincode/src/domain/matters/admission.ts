import type { MatterDefinition } from './matter';

/** Admission of a member (§§15–15b GenG); the bylaws may ask for more. */
export const admission: MatterDefinition = {
  german: 'Aufnahme eines Mitglieds',
  statutory: { majority: 'simple', source: '§43(2) GenG', since: '2006-08-18' },
};

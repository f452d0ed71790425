import type { MatterDefinition } from './matter';

/** Amendment of the bylaws: takes legal effect only on registration (§16(6) GenG). */
export const bylawsAmendment: MatterDefinition = {
  german: 'Änderung der Satzung',
  statutory: { majority: 'three-quarters', source: '§16(2), (4) GenG', since: '2006-08-18' },
};

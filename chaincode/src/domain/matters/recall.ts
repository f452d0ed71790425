import type { MatterDefinition } from './matter';

/** Recall of a supervisory board member. */
export const recall: MatterDefinition = {
  german: 'Abberufung eines Aufsichtsratsmitglieds',
  statutory: { majority: 'three-quarters', source: '§36(3) GenG', since: '2006-08-18' },
};

import type { MatterDefinition } from './matter';

/** What a member that has left still holds is handed over or wound up: the cooperative's business, like any other. */
export const leftBehind: MatterDefinition = {
  german: 'Übergang oder Abwicklung dessen, was ein ausgeschiedenes Mitglied hinterlässt',
  statutory: { majority: 'simple', source: '§43(2) GenG', since: '2006-08-18' },
};

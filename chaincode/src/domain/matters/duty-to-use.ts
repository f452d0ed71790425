import type { MatterDefinition } from './matter';

/** Duty of the members to use facilities or services. */
export const dutyToUse: MatterDefinition = {
  german: 'Pflicht zur Inanspruchnahme von Einrichtungen',
  statutory: { majority: 'nine-tenths', source: '§16(3) GenG', since: '2006-08-18' },
};

import { admission } from './admission';
import { bylawsAmendment } from './bylaws-amendment';
import { dissolution } from './dissolution';
import { dutyToUse } from './duty-to-use';
import { election } from './election';
import { exclusion } from './exclusion';
import { leftBehind } from './left-behind';
import type { MatterDefinition } from './matter';
import { ordinary } from './ordinary';
import { project } from './project';
import { recall } from './recall';

/** Matters for which every bylaws have a rule. */
const REGULATED_MATTERS = {
  ordinary,
  election,
  recall,
  'bylaws-amendment': bylawsAmendment,
  'duty-to-use': dutyToUse,
  dissolution,
  admission,
  exclusion,
} as const satisfies Record<string, MatterDefinition>;

/** Matters that bylaws may leave out: they are decided like an ordinary one then. */
const FURTHER_MATTERS = { project, 'left-behind': leftBehind } as const satisfies Record<
  string,
  MatterDefinition
>;

/** Every matter by its id. */
export const MATTERS = { ...REGULATED_MATTERS, ...FURTHER_MATTERS } as const;

export type RegulatedMatterId = keyof typeof REGULATED_MATTERS;
export type FurtherMatterId = keyof typeof FURTHER_MATTERS;
export const REGULATED_MATTER_IDS = Object.keys(REGULATED_MATTERS) as RegulatedMatterId[];
export const FURTHER_MATTER_IDS = Object.keys(FURTHER_MATTERS) as FurtherMatterId[];
export type MatterId = keyof typeof MATTERS;
export const MATTER_IDS = Object.keys(MATTERS) as [MatterId, ...MatterId[]];

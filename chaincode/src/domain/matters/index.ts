import { admission } from './admission';
import { bylawsAmendment } from './bylaws-amendment';
import { dissolution } from './dissolution';
import { dutyToUse } from './duty-to-use';
import { election } from './election';
import { exclusion } from './exclusion';
import type { MatterDefinition } from './matter';
import { ordinary } from './ordinary';
import { recall } from './recall';

/** Every matter by its id. */
export const MATTERS = {
  ordinary,
  election,
  recall,
  'bylaws-amendment': bylawsAmendment,
  'duty-to-use': dutyToUse,
  dissolution,
  admission,
  exclusion,
} as const satisfies Record<string, MatterDefinition>;

export type MatterId = keyof typeof MATTERS;
export const MATTER_IDS = Object.keys(MATTERS) as [MatterId, ...MatterId[]];

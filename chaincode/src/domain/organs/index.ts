import { executiveBoard } from './executive-board';
import { generalAssembly } from './general-assembly';
import type { OrganDefinition } from './organ';
import { supervisoryBoard } from './supervisory-board';

/** Every organ by its id. */
export const ORGANS = {
  'general-assembly': generalAssembly,
  'supervisory-board': supervisoryBoard,
  'executive-board': executiveBoard,
} as const satisfies Record<string, OrganDefinition>;

export type OrganId = keyof typeof ORGANS;
export const ORGAN_IDS = Object.keys(ORGANS) as [OrganId, ...OrganId[]];

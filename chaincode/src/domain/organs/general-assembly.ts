import type { OrganDefinition } from './organ';

/** All members (§43 GenG). */
export const generalAssembly: OrganDefinition = { german: 'Generalversammlung', supported: true };

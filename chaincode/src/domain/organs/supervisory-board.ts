import type { OrganDefinition } from './organ';

/** Elected by the general assembly (§36 GenG). */
export const supervisoryBoard: OrganDefinition = { german: 'Aufsichtsrat', supported: false };

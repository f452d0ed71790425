import type { OrganDefinition } from './organ';

/** Represents the cooperative (§24 GenG). */
export const executiveBoard: OrganDefinition = { german: 'Vorstand', supported: false };

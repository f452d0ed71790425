import type { MatterDefinition } from './matter';

/** Dissolution of the cooperative. */
export const dissolution: MatterDefinition = {
  german: 'Auflösung',
  statutory: { majority: 'three-quarters', source: '§78(1) GenG', since: '2006-08-18' },
};

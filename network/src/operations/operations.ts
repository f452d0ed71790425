/** What a running consortium can be asked to do: one table, from which commands take the types too. */
import { addOrganizationOperation } from './org-add.js';

export const OPERATIONS = {
  'org-add': addOrganizationOperation,
};
export type Operations = typeof OPERATIONS;

import type { Bylaws } from '../bylaws';
import { DomainError } from '../errors';

/** The focus areas are those that the bylaws in force name. @throws {DomainError} `reference-unknown` */
export function requireFocusAreas(bylaws: Bylaws, ids: readonly string[]): void {
  if (ids.every((id) => bylaws.focusAreas.some((area) => area.id === id))) return;
  throw new DomainError('reference-unknown', { field: 'focusAreas', resource: 'focus area' });
}

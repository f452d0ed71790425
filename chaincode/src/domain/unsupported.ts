import type { Bylaws } from './bylaws';
import { DomainError } from './errors';

/** The refusal, by name, of what bylaws can ask for and isn't supported yet. */
export function unsupportedIn({ votesPerMember }: Bylaws): DomainError | undefined {
  return votesPerMember > 1 ? new DomainError('unsupported', { feature: 'multiple-votes' }) : undefined;
}

import type { OpenPoint } from 'umlauf-chaincode/api';

/** The command that helps where register and network disagree: who was admitted is to be there, nobody else. */
export function remedyOf({ kind, memberId }: Pick<OpenPoint, 'kind' | 'memberId'>): string {
  if (memberId === undefined) return 'umlauf org remove MEMBER, or the resolution that covers it';
  return kind === 'member-not-on-network' ? `umlauf org add ${memberId}` : `umlauf org remove ${memberId}`;
}

/** What participations and uses have in common: two sides that agree. */
import type { Participation, Use } from 'umlauf-chaincode/api';
import type { Self } from '../route.js';

/** The record of what this gateway's member declared last: for itself, else as the holder. */
export const ownDeclaration = ({ memberId, declarations }: Participation | Use, self: Self) =>
  declarations.findLast(({ by }) => by === (memberId === self.memberId ? 'member' : 'holder'))?.recorded;

/** Completing memberships whose last day has passed. */
import type { Member } from 'umlauf-chaincode/api';
import type { ReportedFact } from '../fabric/facts.js';
import { parsed } from '../ledger.js';
import { isProblem } from '../problem.js';
import type { DutyParts } from './duties.js';

const key = (id: string): string => `ending ${id}`;

export class Endings {
  constructor(private readonly parts: DutyParts) {}

  /** Takes note of a fact. */
  see({ type, id }: ReportedFact): void {
    if (type === 'member.former') this.parts.duties.done(key(id));
  }

  /** In turn, unless somebody was faster. */
  due(id: string): void {
    const { ledger, role, duties } = this.parts;
    duties.inTurn(key(id), async () => {
      const { status } = parsed(await ledger.evaluate('members:get', { id }, role)) as Member;
      if (status !== 'ending') return undefined;
      try {
        await ledger.submit('members:completeEnding', { id }, role);
      } catch (error) {
        if (!isProblem(error, 'unchanged', 'wrong-status')) throw error;
      }
      return undefined;
    });
  }
}

/** Recording when resignations have reached the others, and completing memberships whose last day has passed. */
import type { Fact, Member, SubmitName } from 'umlauf-chaincode/api';
import { parsed } from '../ledger.js';
import { submitUnlessDone, type DutyParts } from './duties.js';

const receiptKey = (id: string): string => `resignation ${id}`;
const endingKey = (id: string): string => `ending ${id}`;

export class Endings {
  constructor(private readonly parts: DutyParts) {}

  /** Takes note of a fact. */
  see({ type, id }: Fact): void {
    const { duties } = this.parts;
    if (type === 'member.resigned') this.received(id);
    if (type === 'member.resignation-received') duties.done(receiptKey(id));
    if (type === 'member.former') {
      duties.done(receiptKey(id));
      duties.done(endingKey(id));
    }
  }

  /** Records the receipt in turn, unless somebody was faster. */
  received(id: string): void {
    this.#inTurn(
      receiptKey(id),
      id,
      'members:receive',
      ({ status, resignation }) =>
        status === 'ending' && resignation !== undefined && resignation.received === undefined,
    );
  }

  /** Completes the ending in turn, unless somebody was faster. */
  due(id: string): void {
    this.#inTurn(endingKey(id), id, 'members:completeEnding', ({ status }) => status === 'ending');
  }

  #inTurn(key: string, id: string, transaction: SubmitName, isDue: (member: Member) => boolean): void {
    const { ledger, role, duties } = this.parts;
    duties.inTurn(key, async () => {
      const member = parsed(await ledger.evaluate('members:get', { id }, role)) as Member;
      if (isDue(member)) await submitUnlessDone(this.parts, transaction, id);
      return undefined;
    });
  }
}

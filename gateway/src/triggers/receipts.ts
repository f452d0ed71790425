/**
 * Recording when proposals and openings have reached the members: notice and deadline run from it, so that nobody eats
 * the others' time by holding an endorsed transaction back.
 *
 * At once where a notice or a vote begins. A proposal without a notice is left to the look through the open points: it is
 * opened before, as a rule.
 */
import type { Fact, Resolution } from 'umlauf-chaincode/api';
import { parsed } from '../ledger.js';
import { submitUnlessDone, type DutyParts } from './duties.js';

const key = (id: string): string => `receipt ${id}`;

export class Receipts {
  constructor(private readonly parts: DutyParts) {}

  /** Takes note of a fact. */
  see({ type, id, data }: Fact): void {
    switch (type) {
      case 'resolution.proposed':
        if (data['awaitsReceipt'] === true) this.due(id);
        break;
      case 'resolution.opened':
        this.due(id);
        break;
      case 'resolution.received':
      case 'resolution.withdrawn':
      case 'resolution.decided':
        this.parts.duties.done(key(id));
        break;
      default:
    }
  }

  /** In turn, unless somebody was faster. */
  due(id: string): void {
    this.parts.duties.inTurn(key(id), async () => {
      const { ledger, role } = this.parts;
      const { status, receivedAt } = parsed(
        await ledger.evaluate('resolutions:get', { id }, role),
      ) as Resolution;
      if ((status === 'proposed' || status === 'open') && receivedAt === undefined) await this.receive(id);
      return undefined;
    });
  }

  /** Finding it recorded already, or the vote over, is as good. */
  receive(id: string): Promise<void> {
    return submitUnlessDone(this.parts, 'resolutions:receive', id);
  }
}

import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { apply } from '../domain/members/apply';
import { changeMember } from '../domain/members/change';
import { completeEnding } from '../domain/members/complete-ending';
import { confirmJoined } from '../domain/members/confirm-joined';
import { listMembers, memberHistory, readMember, whoAmI } from '../domain/members/read';
import { receiveResignation } from '../domain/members/receive-resignation';
import { resign } from '../domain/members/resign';
import { withdrawApplication } from '../domain/members/withdraw';
import { listOpenPoints } from '../domain/oversight/open-points';
import { type Clock, UmlaufContract } from './contract';

@Info({ title: 'members', description: 'The register of members' })
export class MembersContract extends UmlaufContract {
  constructor(clock: Clock = Date.now) {
    super('members', clock);
  }

  @Transaction()
  @Returns('string')
  apply(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:apply', json, apply);
  }

  @Transaction()
  @Returns('string')
  withdraw(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:withdraw', json, withdrawApplication);
  }

  @Transaction()
  @Returns('string')
  change(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:change', json, changeMember);
  }

  @Transaction()
  @Returns('string')
  confirmJoined(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:confirmJoined', json, confirmJoined);
  }

  @Transaction()
  @Returns('string')
  resign(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:resign', json, resign);
  }

  @Transaction()
  @Returns('string')
  receive(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:receive', json, receiveResignation);
  }

  @Transaction()
  @Returns('string')
  completeEnding(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:completeEnding', json, completeEnding);
  }

  @Transaction(false)
  @Returns('string')
  get(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:get', json, readMember);
  }

  @Transaction(false)
  @Returns('string')
  list(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:list', json, listMembers);
  }

  @Transaction(false)
  @Returns('string')
  history(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:history', json, memberHistory);
  }

  @Transaction(false)
  @Returns('string')
  openPoints(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:openPoints', json, listOpenPoints);
  }

  @Transaction(false)
  @Returns('string')
  whoAmI(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:whoAmI', json, whoAmI);
  }
}

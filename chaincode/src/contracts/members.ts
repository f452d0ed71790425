import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { type Clock, UmlaufContract } from './contract';

@Info({ title: 'members', description: 'The register of members' })
export class MembersContract extends UmlaufContract {
  constructor(clock: Clock = Date.now) {
    super('members', clock);
  }

  @Transaction()
  @Returns('string')
  apply(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:apply', json);
  }

  @Transaction()
  @Returns('string')
  withdraw(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:withdraw', json);
  }

  @Transaction()
  @Returns('string')
  change(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:change', json);
  }

  @Transaction()
  @Returns('string')
  confirmJoined(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:confirmJoined', json);
  }

  @Transaction()
  @Returns('string')
  resign(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:resign', json);
  }

  @Transaction()
  @Returns('string')
  receive(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:receive', json);
  }

  @Transaction()
  @Returns('string')
  completeEnding(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:completeEnding', json);
  }

  @Transaction(false)
  @Returns('string')
  get(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:get', json);
  }

  @Transaction(false)
  @Returns('string')
  list(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:list', json);
  }

  @Transaction(false)
  @Returns('string')
  history(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:history', json);
  }

  @Transaction(false)
  @Returns('string')
  openPoints(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:openPoints', json);
  }

  @Transaction(false)
  @Returns('string')
  whoAmI(context: Context, json: string): Promise<string> {
    return this.run(context, 'members:whoAmI', json);
  }
}

import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { type Clock, UmlaufContract } from './contract';

@Info({ title: 'services', description: 'Services and who uses them' })
export class ServicesContract extends UmlaufContract {
  constructor(clock: Clock = Date.now) {
    super('services', clock);
  }

  @Transaction()
  @Returns('string')
  offer(context: Context, json: string): Promise<string> {
    return this.run(context, 'services:offer', json);
  }

  @Transaction()
  @Returns('string')
  change(context: Context, json: string): Promise<string> {
    return this.run(context, 'services:change', json);
  }

  @Transaction()
  @Returns('string')
  advance(context: Context, json: string): Promise<string> {
    return this.run(context, 'services:advance', json);
  }

  @Transaction()
  @Returns('string')
  announceWithdrawal(context: Context, json: string): Promise<string> {
    return this.run(context, 'services:announceWithdrawal', json);
  }

  @Transaction()
  @Returns('string')
  withdraw(context: Context, json: string): Promise<string> {
    return this.run(context, 'services:withdraw', json);
  }

  @Transaction()
  @Returns('string')
  proposeUse(context: Context, json: string): Promise<string> {
    return this.run(context, 'services:proposeUse', json);
  }

  @Transaction()
  @Returns('string')
  acceptUse(context: Context, json: string): Promise<string> {
    return this.run(context, 'services:acceptUse', json);
  }

  @Transaction()
  @Returns('string')
  declineUse(context: Context, json: string): Promise<string> {
    return this.run(context, 'services:declineUse', json);
  }

  @Transaction()
  @Returns('string')
  endUse(context: Context, json: string): Promise<string> {
    return this.run(context, 'services:endUse', json);
  }

  @Transaction(false)
  @Returns('string')
  get(context: Context, json: string): Promise<string> {
    return this.run(context, 'services:get', json);
  }

  @Transaction(false)
  @Returns('string')
  list(context: Context, json: string): Promise<string> {
    return this.run(context, 'services:list', json);
  }

  @Transaction(false)
  @Returns('string')
  history(context: Context, json: string): Promise<string> {
    return this.run(context, 'services:history', json);
  }

  @Transaction(false)
  @Returns('string')
  use(context: Context, json: string): Promise<string> {
    return this.run(context, 'services:use', json);
  }

  @Transaction(false)
  @Returns('string')
  uses(context: Context, json: string): Promise<string> {
    return this.run(context, 'services:uses', json);
  }
}

import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { type Clock, UmlaufContract } from './contract';

@Info({ title: 'bylaws', description: 'The versions of the bylaws' })
export class BylawsContract extends UmlaufContract {
  constructor(clock: Clock = Date.now) {
    super('bylaws', clock);
  }

  @Transaction(false)
  @Returns('string')
  get(context: Context, json: string): Promise<string> {
    return this.run(context, 'bylaws:get', json);
  }
}

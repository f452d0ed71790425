import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { type Clock, UmlaufContract } from './contract';

@Info({ title: 'foundations', description: 'How the cooperative begins' })
export class FoundationsContract extends UmlaufContract {
  constructor(clock: Clock = Date.now) {
    super('foundations', clock);
  }

  @Transaction()
  @Returns('string')
  submit(context: Context, json: string): Promise<string> {
    return this.run(context, 'foundations:submit', json);
  }

  @Transaction()
  @Returns('string')
  confirm(context: Context, json: string): Promise<string> {
    return this.run(context, 'foundations:confirm', json);
  }

  @Transaction(false)
  @Returns('string')
  get(context: Context, json: string): Promise<string> {
    return this.run(context, 'foundations:get', json);
  }

  @Transaction(false)
  @Returns('string')
  list(context: Context, json: string): Promise<string> {
    return this.run(context, 'foundations:list', json);
  }
}

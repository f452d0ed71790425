import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { confirmFoundation } from '../domain/foundations/confirm';
import { listFoundations, readFoundation } from '../domain/foundations/read';
import { submitFoundation } from '../domain/foundations/submit';
import { type Clock, UmlaufContract } from './contract';

@Info({ title: 'foundations', description: 'How the cooperative begins' })
export class FoundationsContract extends UmlaufContract {
  constructor(clock: Clock = Date.now) {
    super('foundations', clock);
  }

  @Transaction()
  @Returns('string')
  submit(context: Context, json: string): Promise<string> {
    return this.run(context, 'foundations:submit', json, submitFoundation);
  }

  @Transaction()
  @Returns('string')
  confirm(context: Context, json: string): Promise<string> {
    return this.run(context, 'foundations:confirm', json, confirmFoundation);
  }

  @Transaction(false)
  @Returns('string')
  get(context: Context, json: string): Promise<string> {
    return this.run(context, 'foundations:get', json, readFoundation);
  }

  @Transaction(false)
  @Returns('string')
  list(context: Context, json: string): Promise<string> {
    return this.run(context, 'foundations:list', json, listFoundations);
  }
}

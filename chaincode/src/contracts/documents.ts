import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { type Clock, UmlaufContract } from './contract';

@Info({ title: 'documents', description: 'Documents that members share' })
export class DocumentsContract extends UmlaufContract {
  constructor(clock: Clock = Date.now) {
    super('documents', clock);
  }

  @Transaction()
  @Returns('string')
  share(context: Context, json: string): Promise<string> {
    return this.run(context, 'documents:share', json);
  }

  @Transaction(false)
  @Returns('string')
  get(context: Context, json: string): Promise<string> {
    return this.run(context, 'documents:get', json);
  }

  @Transaction(false)
  @Returns('string')
  list(context: Context, json: string): Promise<string> {
    return this.run(context, 'documents:list', json);
  }

  @Transaction(false)
  @Returns('string')
  history(context: Context, json: string): Promise<string> {
    return this.run(context, 'documents:history', json);
  }
}

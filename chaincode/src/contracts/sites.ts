import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { type Clock, UmlaufContract } from './contract';

@Info({ title: 'sites', description: 'Data centres and clouds that members operate' })
export class SitesContract extends UmlaufContract {
  constructor(clock: Clock = Date.now) {
    super('sites', clock);
  }

  @Transaction()
  @Returns('string')
  declare(context: Context, json: string): Promise<string> {
    return this.run(context, 'sites:declare', json);
  }

  @Transaction()
  @Returns('string')
  change(context: Context, json: string): Promise<string> {
    return this.run(context, 'sites:change', json);
  }

  @Transaction()
  @Returns('string')
  end(context: Context, json: string): Promise<string> {
    return this.run(context, 'sites:end', json);
  }

  @Transaction(false)
  @Returns('string')
  get(context: Context, json: string): Promise<string> {
    return this.run(context, 'sites:get', json);
  }

  @Transaction(false)
  @Returns('string')
  list(context: Context, json: string): Promise<string> {
    return this.run(context, 'sites:list', json);
  }

  @Transaction(false)
  @Returns('string')
  history(context: Context, json: string): Promise<string> {
    return this.run(context, 'sites:history', json);
  }
}

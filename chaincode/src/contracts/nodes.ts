import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { type Clock, UmlaufContract } from './contract';

@Info({ title: 'nodes', description: 'Running parts of the infrastructure at the sites' })
export class NodesContract extends UmlaufContract {
  constructor(clock: Clock = Date.now) {
    super('nodes', clock);
  }

  @Transaction()
  @Returns('string')
  declare(context: Context, json: string): Promise<string> {
    return this.run(context, 'nodes:declare', json);
  }

  @Transaction()
  @Returns('string')
  change(context: Context, json: string): Promise<string> {
    return this.run(context, 'nodes:change', json);
  }

  @Transaction()
  @Returns('string')
  end(context: Context, json: string): Promise<string> {
    return this.run(context, 'nodes:end', json);
  }

  @Transaction(false)
  @Returns('string')
  get(context: Context, json: string): Promise<string> {
    return this.run(context, 'nodes:get', json);
  }

  @Transaction(false)
  @Returns('string')
  list(context: Context, json: string): Promise<string> {
    return this.run(context, 'nodes:list', json);
  }

  @Transaction(false)
  @Returns('string')
  history(context: Context, json: string): Promise<string> {
    return this.run(context, 'nodes:history', json);
  }
}

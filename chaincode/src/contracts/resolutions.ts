import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { type Clock, UmlaufContract } from './contract';

@Info({ title: 'resolutions', description: 'Resolutions and their ballots' })
export class ResolutionsContract extends UmlaufContract {
  constructor(clock: Clock = Date.now) {
    super('resolutions', clock);
  }

  @Transaction()
  @Returns('string')
  propose(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:propose', json);
  }

  @Transaction()
  @Returns('string')
  receive(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:receive', json);
  }

  @Transaction()
  @Returns('string')
  open(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:open', json);
  }

  @Transaction()
  @Returns('string')
  withdraw(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:withdraw', json);
  }

  @Transaction()
  @Returns('string')
  vote(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:vote', json);
  }

  @Transaction()
  @Returns('string')
  decide(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:decide', json);
  }

  @Transaction()
  @Returns('string')
  finding(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:finding', json);
  }

  @Transaction()
  @Returns('string')
  register(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:register', json);
  }

  @Transaction()
  @Returns('string')
  dispatch(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:dispatch', json);
  }

  @Transaction(false)
  @Returns('string')
  get(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:get', json);
  }

  @Transaction(false)
  @Returns('string')
  list(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:list', json);
  }

  @Transaction(false)
  @Returns('string')
  ballot(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:ballot', json);
  }

  @Transaction(false)
  @Returns('string')
  ballots(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:ballots', json);
  }

  @Transaction(false)
  @Returns('string')
  history(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:history', json);
  }
}

import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { type Clock, UmlaufContract } from './contract';

@Info({ title: 'announcements', description: 'What the cooperative tells the public' })
export class AnnouncementsContract extends UmlaufContract {
  constructor(clock: Clock = Date.now) {
    super('announcements', clock);
  }

  @Transaction()
  @Returns('string')
  draft(context: Context, json: string): Promise<string> {
    return this.run(context, 'announcements:draft', json);
  }

  @Transaction()
  @Returns('string')
  withdraw(context: Context, json: string): Promise<string> {
    return this.run(context, 'announcements:withdraw', json);
  }

  @Transaction()
  @Returns('string')
  release(context: Context, json: string): Promise<string> {
    return this.run(context, 'announcements:release', json);
  }

  @Transaction(false)
  @Returns('string')
  get(context: Context, json: string): Promise<string> {
    return this.run(context, 'announcements:get', json);
  }

  @Transaction(false)
  @Returns('string')
  list(context: Context, json: string): Promise<string> {
    return this.run(context, 'announcements:list', json);
  }

  @Transaction(false)
  @Returns('string')
  released(context: Context, json: string): Promise<string> {
    return this.run(context, 'announcements:released', json);
  }

  @Transaction(false)
  @Returns('string')
  history(context: Context, json: string): Promise<string> {
    return this.run(context, 'announcements:history', json);
  }
}

import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { type Clock, UmlaufContract } from './contract';

@Info({ title: 'projects', description: 'Projects and who takes part in them' })
export class ProjectsContract extends UmlaufContract {
  constructor(clock: Clock = Date.now) {
    super('projects', clock);
  }

  @Transaction()
  @Returns('string')
  propose(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:propose', json);
  }

  @Transaction()
  @Returns('string')
  accept(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:accept', json);
  }

  @Transaction()
  @Returns('string')
  advance(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:advance', json);
  }

  @Transaction()
  @Returns('string')
  proposeParticipation(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:proposeParticipation', json);
  }

  @Transaction()
  @Returns('string')
  acceptParticipation(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:acceptParticipation', json);
  }

  @Transaction()
  @Returns('string')
  declineParticipation(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:declineParticipation', json);
  }

  @Transaction()
  @Returns('string')
  endParticipation(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:endParticipation', json);
  }

  @Transaction(false)
  @Returns('string')
  get(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:get', json);
  }

  @Transaction(false)
  @Returns('string')
  list(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:list', json);
  }

  @Transaction(false)
  @Returns('string')
  history(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:history', json);
  }

  @Transaction(false)
  @Returns('string')
  participation(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:participation', json);
  }

  @Transaction(false)
  @Returns('string')
  participations(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:participations', json);
  }
}

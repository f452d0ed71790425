import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { acceptProject } from '../domain/projects/accept';
import { advanceProject } from '../domain/projects/advance';
import {
  acceptParticipation,
  declineParticipation,
  endParticipation,
  listParticipations,
  proposeParticipation,
  readParticipation,
} from '../domain/projects/participation';
import { proposeProject } from '../domain/projects/propose';
import { listProjects, projectHistory, readProject } from '../domain/projects/read';
import { type Clock, UmlaufContract } from './contract';

@Info({ title: 'projects', description: 'Projects and who takes part in them' })
export class ProjectsContract extends UmlaufContract {
  constructor(clock: Clock = Date.now) {
    super('projects', clock);
  }

  @Transaction()
  @Returns('string')
  propose(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:propose', json, proposeProject);
  }

  @Transaction()
  @Returns('string')
  accept(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:accept', json, acceptProject);
  }

  @Transaction()
  @Returns('string')
  advance(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:advance', json, advanceProject);
  }

  @Transaction()
  @Returns('string')
  proposeParticipation(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:proposeParticipation', json, proposeParticipation);
  }

  @Transaction()
  @Returns('string')
  acceptParticipation(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:acceptParticipation', json, acceptParticipation);
  }

  @Transaction()
  @Returns('string')
  declineParticipation(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:declineParticipation', json, declineParticipation);
  }

  @Transaction()
  @Returns('string')
  endParticipation(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:endParticipation', json, endParticipation);
  }

  @Transaction(false)
  @Returns('string')
  get(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:get', json, readProject);
  }

  @Transaction(false)
  @Returns('string')
  list(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:list', json, listProjects);
  }

  @Transaction(false)
  @Returns('string')
  history(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:history', json, projectHistory);
  }

  @Transaction(false)
  @Returns('string')
  participation(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:participation', json, readParticipation);
  }

  @Transaction(false)
  @Returns('string')
  participations(context: Context, json: string): Promise<string> {
    return this.run(context, 'projects:participations', json, listParticipations);
  }
}

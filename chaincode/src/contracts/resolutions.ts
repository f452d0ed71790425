import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { decide } from '../domain/resolutions/decide';
import { open } from '../domain/resolutions/open';
import { propose } from '../domain/resolutions/propose';
import {
  listBallots,
  listResolutions,
  readBallot,
  readResolution,
  resolutionHistory,
} from '../domain/resolutions/read';
import { receive } from '../domain/resolutions/receive';
import { recordDispatch } from '../domain/resolutions/record-dispatch';
import { recordFinding } from '../domain/resolutions/record-finding';
import { registerAmendment } from '../domain/resolutions/register-amendment';
import { vote } from '../domain/resolutions/vote';
import { withdrawResolution } from '../domain/resolutions/withdraw';
import { type Clock, UmlaufContract } from './contract';

@Info({ title: 'resolutions', description: 'Resolutions and their ballots' })
export class ResolutionsContract extends UmlaufContract {
  constructor(clock: Clock = Date.now) {
    super('resolutions', clock);
  }

  @Transaction()
  @Returns('string')
  propose(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:propose', json, propose);
  }

  @Transaction()
  @Returns('string')
  receive(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:receive', json, receive);
  }

  @Transaction()
  @Returns('string')
  open(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:open', json, open);
  }

  @Transaction()
  @Returns('string')
  withdraw(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:withdraw', json, withdrawResolution);
  }

  @Transaction()
  @Returns('string')
  vote(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:vote', json, vote);
  }

  @Transaction()
  @Returns('string')
  decide(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:decide', json, decide);
  }

  @Transaction()
  @Returns('string')
  finding(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:finding', json, recordFinding);
  }

  @Transaction()
  @Returns('string')
  register(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:register', json, registerAmendment);
  }

  @Transaction()
  @Returns('string')
  dispatch(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:dispatch', json, recordDispatch);
  }

  @Transaction(false)
  @Returns('string')
  get(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:get', json, readResolution);
  }

  @Transaction(false)
  @Returns('string')
  list(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:list', json, listResolutions);
  }

  @Transaction(false)
  @Returns('string')
  ballot(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:ballot', json, readBallot);
  }

  @Transaction(false)
  @Returns('string')
  ballots(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:ballots', json, listBallots);
  }

  @Transaction(false)
  @Returns('string')
  history(context: Context, json: string): Promise<string> {
    return this.run(context, 'resolutions:history', json, resolutionHistory);
  }
}

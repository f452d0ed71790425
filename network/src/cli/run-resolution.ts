import type { Client, Input, Output } from 'umlauf-client';
import { act, jsonOf, whole, type ActOptions } from './member-act.js';
import { listed, table } from './table.js';

export interface ResolutionListOptions extends ActOptions {
  readonly status?: string;
  readonly matter?: string;
}
export interface VoteOptions extends ActOptions {
  readonly consent?: 'yes' | 'no';
}

type Resolution = Output<'resolutions-get'>;
type Ballot = Output<'resolutions-ballot'>;

/** Prints resolutions; what is no status or matter the gateway refuses, and says what is allowed. */
export function listResolutions(options: ResolutionListOptions): Promise<void> {
  const { status, matter } = options;
  const filter = { status, matter, limit: 200 } as Input<'resolutions-list'>;
  const list = (client: Client) => whole((bookmark) => client.resolutions.list({ ...filter, bookmark }));
  return act(options, 'auditor', list, (resolutions: Resolution[]) =>
    table(
      ['RESOLUTION', 'STATUS', 'MATTER', 'DEADLINE', 'VOTES', 'TITLE'],
      resolutions.map((resolution) => [
        resolution.id,
        statusOf(resolution),
        resolution.matter,
        resolution.deadline ?? '',
        votes(resolution),
        resolution.title,
      ]),
    ),
  );
}

/** Prints one resolution with its ballots. */
export function showResolution(id: string, options: ActOptions): Promise<void> {
  const both = async (client: Client) => {
    const resolution = await client.resolutions.get({ id });
    const { blockNumber } = resolution;
    const ballots = await whole((bookmark) =>
      client.resolutions.ballots(
        { id, limit: 200, bookmark },
        blockNumber === undefined ? {} : { minBlock: blockNumber },
      ),
    );
    return { ...resolution, body: { ...resolution.body, ballots: ballots.body } };
  };
  return act(options, 'auditor', both, ({ ballots, ...resolution }) =>
    [describeResolution(resolution), ...(ballots.length === 0 ? [] : ['', ballotTable(ballots)])].join('\n'),
  );
}

/** Proposes. */
export function propose(file: string, options: ActOptions): Promise<void> {
  const proposal = jsonOf(file) as Input<'resolutions-propose'>;
  return act(
    options,
    'board',
    (client, call) => client.resolutions.propose(proposal, call),
    describeResolution,
  );
}

/** Opens the vote. */
export function open(id: string, options: ActOptions): Promise<void> {
  return act(options, 'board', (client, call) => client.resolutions.open({ id }, call), describeResolution);
}

/** Votes. */
export function vote(id: string, choice: 'yes' | 'no' | 'abstain', options: VoteOptions): Promise<void> {
  const consent = options.consent === undefined ? {} : { consentToProcedure: options.consent === 'yes' };
  return act(
    options,
    'representative',
    (client, call) => client.resolutions.vote({ id, choice, ...consent }, call),
    (ballot) => `${ballot.memberId} votes ${ballot.choice ?? choice} on ${id}`,
  );
}

/** Decides. */
export function decide(id: string, options: ActOptions): Promise<void> {
  return act(
    options,
    'representative',
    (client, call) => client.resolutions.decide({ id }, call),
    describeResolution,
  );
}

const statusOf = ({ status, decidable }: Resolution): string => (decidable ? `${status}, decidable` : status);

const votes = ({ tally }: Resolution): string =>
  tally === undefined
    ? ''
    : `${tally.yes} yes, ${tally.no} no, ${tally.abstain} abstentions, ${tally.notCast} not cast`;

function describeResolution(resolution: Resolution): string {
  const { id, title, motion, matter, form, deadline, risks } = resolution;
  return listed([
    ['resolution', id],
    ['status', statusOf(resolution)],
    ['title', title],
    ['motion', motion],
    ['matter', `${matter}, ${form}`],
    ['deadline', deadline],
    ['votes', resolution.tally && votes(resolution)],
    ['risks', risks.length === 0 ? undefined : risks.map((risk) => JSON.stringify(risk)).join(', ')],
  ]);
}

const ballotTable = (ballots: readonly Ballot[]): string =>
  table(
    ['MEMBER', 'VOTE', 'AT', 'OFFICE'],
    ballots.map((ballot) => [
      ballot.memberId,
      ballot.choice ?? ballot.status,
      ballot.at ?? '',
      ballot.office ?? '',
    ]),
  );

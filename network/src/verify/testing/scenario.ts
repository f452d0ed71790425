/** Plays every act of the chaincode that needs no year to pass, and some that commit as invalid. */
import type { Bylaws, Choice, EffectInput, MemberApplication, Proposal } from 'umlauf-chaincode/api';
import { memberIdentity } from '../../home/organizations.js';
import type { TestRun } from './run.js';

export const CHAIR = 'bundesdruckerei';
export const PROPOSER = 'itdz-berlin';
export const FOUNDERS = [CHAIR, PROPOSER, 'municipal-provider-1', 'municipal-provider-2'] as const;
export const NRW = 'north-rhine-westphalia';
/** Open, with no vote cast. */
export const SILENT = 'ordinary-silent';
export const SILENT_UNRECEIVED = 'ordinary-silent-unreceived';
/** Proposed, with a notice that runs. */
export const ANNOUNCED = 'ordinary-announced';
export const ANNOUNCED_UNRECEIVED = 'ordinary-announced-unreceived';
/** An amendment that gives the board to a member whose exclusion is then dispatched. */
export const OVERTAKEN = 'amendment-overtaken';
/** Offered, and used by another member. */
export const SERVICE = 'proof-check';
const BAVARIA = 'bavaria';

const DOCUMENT = { name: 'Dokument.pdf', mediaType: 'application/pdf', sha256: 'ab'.repeat(32) };

/** Founded, with all founders' boards. */
async function playFoundation(run: TestRun): Promise<void> {
  const members = run.organizations.filter(({ member }) => member.start === 'founding').map(memberIdentity);
  const { bylaws } = run.description;
  await run.act(CHAIR, 'board', 'foundations:submit', { members, bylaws });
  const page = await run.contract(CHAIR, 'board').evaluateTransaction('foundations:list', JSON.stringify({}));
  const [submitted] = (JSON.parse(Buffer.from(page).toString()) as { items: { id: string }[] }).items;
  for (const founder of FOUNDERS)
    await run.act(founder, 'board', 'foundations:confirm', { id: submitted?.id ?? '' });
}

function application(run: TestRun, memberId: string): MemberApplication {
  return { ...memberIdentity(run.organization(memberId)), declaration: DOCUMENT };
}

interface Motion {
  readonly id: string;
  readonly matter: Proposal['matter'];
  readonly effect: EffectInput;
  readonly procedureBasis?: Proposal['procedureBasis'];
  /** Whether somebody records that the opening was received, which a vote that is settled early doesn't need. */
  readonly received?: boolean;
}

const proposal = (id: string, procedureBasis: Proposal['procedureBasis'] = 'bylaws-clause') =>
  ({
    id,
    title: `Beschluss ${id}`,
    motion: 'Die Generalversammlung beschließt.',
    form: 'circular',
    procedureBasis,
    votingPeriod: 'P14D',
  }) as const;

async function openVote(
  run: TestRun,
  { id, matter, effect, procedureBasis, received = false }: Motion,
): Promise<void> {
  await run.act(PROPOSER, 'board', 'resolutions:propose', {
    ...proposal(id, procedureBasis),
    matter,
    effects: [effect],
  });
  await run.act(CHAIR, 'board', 'resolutions:open', { id });
  if (received) await run.act(CHAIR, 'representative', 'resolutions:receive', { id });
}

async function vote(run: TestRun, memberId: string, id: string, choice: Choice): Promise<void> {
  await run.act(memberId, 'representative', 'resolutions:vote', { id, choice });
}

async function adopt(run: TestRun, motion: Motion, voters: readonly string[]): Promise<void> {
  await openVote(run, motion);
  for (const voter of voters) await vote(run, voter, motion.id, 'yes');
  await run.act(CHAIR, 'representative', 'resolutions:decide', { id: motion.id });
}

export async function playScenario(run: TestRun): Promise<void> {
  await playFoundation(run);
  await playAdmissions(run);
  await playAmendments(run);
  await playDepartures(run);
  await playOpenVotes(run);
  await playServices(run);
}

async function playAdmissions(run: TestRun): Promise<void> {
  await run.act(PROPOSER, 'board', 'members:apply', application(run, NRW));
  await run.act(PROPOSER, 'board', 'members:withdraw', { id: NRW });
  await run.act(PROPOSER, 'board', 'members:apply', application(run, NRW));
  const admission: Motion = {
    id: 'admission-nrw',
    matter: 'admission',
    effect: { kind: 'admit', memberId: NRW },
    received: true,
  };
  await adopt(run, admission, FOUNDERS);
  await run.act(CHAIR, 'board', 'resolutions:finding', {
    id: admission.id,
    date: today(),
    minutes: DOCUMENT,
  });
  await run.join(NRW);
  await run.act(NRW, 'board', 'members:confirmJoined', { id: NRW });

  await run.act(CHAIR, 'board', 'members:apply', application(run, BAVARIA));
  const refused: Motion = {
    id: 'admission-bavaria',
    matter: 'admission',
    effect: { kind: 'admit', memberId: BAVARIA },
  };
  await openVote(run, refused);
  await vote(run, NRW, refused.id, 'no');
  await run.act(NRW, 'board', 'resolutions:decide', { id: refused.id });
  // Once more, on the same record; and without the consent that it needs.
  await run.act(CHAIR, 'board', 'members:apply', application(run, BAVARIA));
  const again: Motion = { ...refused, id: 'admission-bavaria-again', procedureBasis: 'consent-of-all' };
  await openVote(run, again);
  await run.act(PROPOSER, 'representative', 'resolutions:vote', {
    id: again.id,
    choice: 'yes',
    consentToProcedure: false,
  });
  await run.act(CHAIR, 'board', 'resolutions:decide', { id: again.id });
}

/** Two amendments of one version: the one that is registered second fails. */
async function playAmendments(run: TestRun): Promise<void> {
  const { bylaws } = run.description;
  const amended: Bylaws = { ...bylaws, actWithin: 'P10D' };
  for (const id of ['amendment-one', 'amendment-two'])
    await adopt(
      run,
      {
        id,
        matter: 'bylaws-amendment',
        effect: { kind: 'amend-bylaws', base: 'foundation', bylaws: amended },
      },
      [...FOUNDERS, NRW],
    );
  for (const id of ['amendment-one', 'amendment-two'])
    await run.act(CHAIR, 'board', 'resolutions:register', { id, date: today() });
}

async function playDepartures(run: TestRun): Promise<void> {
  const memberId = 'municipal-provider-2';
  await adopt(
    run,
    {
      id: 'exclusion',
      matter: 'exclusion',
      effect: { kind: 'exclude', memberId, reason: 'Verstoß gegen die Satzung.', hearing: DOCUMENT },
    },
    [CHAIR, PROPOSER, 'municipal-provider-1', NRW],
  );
  const { bylaws } = run.description;
  await run.act(PROPOSER, 'board', 'resolutions:propose', {
    ...proposal(OVERTAKEN),
    matter: 'bylaws-amendment',
    effects: [
      {
        kind: 'amend-bylaws',
        base: 'amendment-one',
        bylaws: { ...bylaws, boardHolding: [CHAIR, memberId] },
      },
    ],
  });
  await run.act(CHAIR, 'board', 'resolutions:dispatch', { id: 'exclusion', date: today() });
  await run.act('municipal-provider-1', 'representative', 'members:resign', {
    id: 'municipal-provider-1',
    document: DOCUMENT,
  });
  await run.act(NRW, 'board', 'members:receive', { id: 'municipal-provider-1' });
  await run.act(NRW, 'board', 'members:change', { id: NRW, change: { office: 'CIO (kommissarisch)' } });
}

/** Ballots that change, one that comes too late, votes and proposals left open, and one resolution that is taken back. */
async function playOpenVotes(run: TestRun): Promise<void> {
  const open: Motion = { id: 'ordinary-open', matter: 'ordinary', effect: { kind: 'record-only' } };
  await openVote(run, open);
  await vote(run, NRW, open.id, 'yes');
  await vote(run, NRW, open.id, 'no');
  await holdBackSecondVote(run, open.id);
  await openVote(run, { ...open, id: SILENT, received: true });
  await openVote(run, { ...open, id: SILENT_UNRECEIVED });
  for (const id of [ANNOUNCED, ANNOUNCED_UNRECEIVED, 'taken-back'])
    await run.act(PROPOSER, 'board', 'resolutions:propose', {
      id,
      title: 'Beschluss',
      motion: 'Die Generalversammlung nimmt zur Kenntnis.',
      matter: 'ordinary',
      form: 'in-person',
      votingPeriod: 'PT1H',
      effects: [{ kind: 'record-only' }],
    });
  await run.act(NRW, 'board', 'resolutions:receive', { id: ANNOUNCED });
  await run.act(PROPOSER, 'board', 'resolutions:withdraw', { id: 'taken-back' });
}

/** What members hold and agree on: a service with its use, until its withdrawal is announced. */
async function playServices(run: TestRun): Promise<void> {
  await run.act(PROPOSER, 'board', 'services:offer', {
    id: SERVICE,
    name: 'Nachweisprüfung',
    provider: { body: 'Senatskanzlei', level: 'state' },
    focusAreas: ['blockchain'],
    description: { de: 'Prüft Nachweise.' },
  });
  await run.act(PROPOSER, 'board', 'services:advance', { id: SERVICE, status: 'pilot', on: today() });
  const use = { service: SERVICE, member: NRW };
  await run.act(NRW, 'representative', 'services:proposeUse', use);
  await run.act(PROPOSER, 'board', 'services:acceptUse', use);
  await run.act(PROPOSER, 'board', 'services:announceWithdrawal', { id: SERVICE, on: today() });
}

/** Two votes of one member, endorsed before either is submitted: the second is invalid. */
async function holdBackSecondVote(run: TestRun, id: string): Promise<void> {
  const contract = run.contract(PROPOSER, 'representative');
  const endorsed = [];
  for (const choice of ['yes', 'abstain'])
    endorsed.push(
      await contract
        .newProposal('resolutions:vote', { arguments: [JSON.stringify({ id, choice })] })
        .endorse(),
    );
  for (const transaction of endorsed) await (await transaction.submit()).getStatus();
}

/** Of the bylaws' time zone, in which the chaincode counts days. */
const today = (): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin', dateStyle: 'short' }).format(new Date());

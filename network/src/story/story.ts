/**
 * The story of the sources, through the REST gateways: seventeen founders admit North Rhine-Westphalia by a unanimous
 * circular resolution, turn a fictional applicant away, and admit Bavaria together with their new member.
 */
import { createHash } from 'node:crypto';
import type {
  Ballot,
  Choice,
  EffectInput,
  Member,
  MemberApplication,
  Proposal,
  Resolution,
} from 'umlauf-chaincode/api';
import { all, call, type Answer, type GatewayAccess, type TokenRole } from '../rest.js';
import { expect } from './expectation.js';

/** The consortium that the story is played on. */
export interface Stage {
  /** Gateways of all members on the network. */
  readonly gateways: readonly GatewayAccess[];
  gateway(memberId: string): GatewayAccess;
  /** The body for `POST /members` of a listed applicant. */
  application(memberId: string): MemberApplication;
  /** The member's gateway, as soon as its organization has joined. */
  joined(memberId: string): Promise<GatewayAccess>;
}

export interface StoryStep {
  readonly text: string;
  readonly transactionId?: string;
}

export interface StoryEnd {
  readonly members: Member[];
  readonly resolutions: Resolution[];
}

const NRW = 'north-rhine-westphalia';
const BAVARIA = 'bavaria';
const FICTIONAL = 'fictional-provider';
const CHAIR = 'bundesdruckerei';
const PROPOSER = 'itdz-berlin';

/** Plays the story and checks that each step came out as it should. */
export async function playStory(stage: Stage, report: (step: StoryStep) => void): Promise<StoryEnd> {
  const teller = new Teller(stage, report);

  const founders = await all<Member>(stage.gateway(CHAIR), 'auditor', '/members?status=admitted');
  expect(
    founders.length === stage.gateways.length,
    'every founder is an admitted member with a gateway of its own',
  );
  const byCategory = (category: string) => founders.filter((member) => member.category === category).length;
  report({
    text:
      `${founders.length} founding members: ${byCategory('municipal-and-state-provider')} municipal-and-state providers, ` +
      `${byCategory('state-provider')} state providers, ${byCategory('federal-enterprise')} federal enterprise`,
  });

  await teller.apply(stage.application(NRW));
  const first = await teller.admission(NRW, 'Aufnahme des Landes Nordrhein-Westfalen');
  for (const gateway of stage.gateways) await teller.vote(gateway, first, 'yes');
  await teller.decide(first, 'adopted');
  const nrw = await teller.welcome(NRW, first);
  expect(nrw.office === 'CIO' && nrw.operator === 'IT.NRW', 'represented by its CIO, operated by IT.NRW');

  await teller.apply(fictionalApplicant());
  const second = await teller.admission(FICTIONAL, 'Aufnahme eines erfundenen Anbieters');
  await teller.vote(stage.gateway(PROPOSER), second, 'no');
  await teller.decide(second, 'rejected');
  const rejected = await teller.member(FICTIONAL);
  expect(rejected.status === 'rejected', 'the fictional applicant is rejected');

  await teller.apply(stage.application(BAVARIA));
  const third = await teller.admission(BAVARIA, 'Aufnahme des Freistaats Bayern');
  expect(
    stage.gateways.some(({ memberId }) => memberId === NRW),
    'North Rhine-Westphalia has a gateway of its own',
  );
  for (const gateway of stage.gateways) await teller.vote(gateway, third, 'yes');
  await teller.decide(third, 'adopted');
  await teller.welcome(BAVARIA, third);

  return teller.end([first, second, third]);
}

function fictionalApplicant(): MemberApplication {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  return {
    id: FICTIONAL,
    legalName: 'Erfundene IT-Dienste (Beispiel)',
    levels: ['municipal'],
    category: 'municipal-provider',
    mspId: 'FictionalProviderMSP',
    mspFingerprints: { signing: [hash('fictional signing root')], tls: [hash('fictional TLS root')] },
    office: 'Geschäftsführung',
    declaration: {
      name: 'Beitrittserklärung.txt',
      mediaType: 'text/plain',
      sha256: hash('fictional declaration'),
    },
  };
}

/** Tells each act with its transaction id, and hands on which block has been seen. */
class Teller {
  private minBlock: string | undefined;

  constructor(
    private readonly stage: Stage,
    private readonly report: (step: StoryStep) => void,
  ) {}

  async apply(application: MemberApplication): Promise<void> {
    const operator = application.operator === undefined ? '' : `, operated by ${application.operator}`;
    await this.act(
      `${application.legalName} applies, represented by its ${application.office}${operator}; filed by ${PROPOSER}`,
      PROPOSER,
      'board',
      'POST',
      '/members',
      application,
    );
  }

  /** Proposes and opens the admission of an applicant; answers the resolution's id. */
  async admission(memberId: string, title: string): Promise<string> {
    const effects: EffectInput[] = [{ kind: 'admit', memberId }];
    const proposal: Omit<Proposal, 'documents' | 'organ'> = {
      id: `admission-${memberId}`,
      title,
      motion: `Die Generalversammlung lässt den Beitritt zu: ${memberId}.`,
      matter: 'admission',
      form: 'circular',
      procedureBasis: 'bylaws-clause',
      votingPeriod: 'P14D',
      effects,
    };
    await this.act(
      `resolution proposed: ${title} (circular, unanimity of all)`,
      PROPOSER,
      'board',
      'POST',
      '/resolutions',
      proposal,
    );
    const opened = await this.act<Resolution>(
      `voting opened by ${CHAIR}`,
      CHAIR,
      'board',
      'POST',
      `/resolutions/${proposal.id}/open`,
    );
    const roll = opened.body.opening?.roll.map((voter) => voter.memberId) ?? [];
    expect(
      roll.length === this.stage.gateways.length &&
        this.stage.gateways.every((gateway) => roll.includes(gateway.memberId)),
      'every member is on the roll',
    );
    return proposal.id;
  }

  async vote(gateway: GatewayAccess, resolutionId: string, choice: Choice): Promise<void> {
    const cast = await this.act<Ballot>(
      `${gateway.memberId} votes ${choice}, through its own gateway with its own key`,
      gateway.memberId,
      'representative',
      'PUT',
      `/resolutions/${resolutionId}/ballot`,
      { choice },
    );
    expect(
      cast.body.choice === choice && cast.body.memberId === gateway.memberId,
      'the ballot is the one cast',
    );
  }

  /** The gateways decide by themselves as soon as the outcome is settled; asking once more is harmless. */
  async decide(resolutionId: string, outcome: 'adopted' | 'rejected'): Promise<void> {
    const decided = await this.call<Resolution>(
      CHAIR,
      'board',
      'POST',
      `/resolutions/${resolutionId}/decide`,
    );
    expect(decided.body.status === outcome, `${resolutionId} is ${outcome}`);
    const { tally, decision } = decided.body;
    this.report({
      text: `${resolutionId} ${outcome}: ${tally?.yes ?? 0} yes, ${tally?.no ?? 0} no, ${tally?.abstain ?? 0} abstentions, ${tally?.notCast ?? 0} not cast`,
      ...(decision ? { transactionId: decision.recorded.transactionId } : {}),
    });
  }

  /** Waits until an admitted member's organization has joined the running network. */
  async welcome(memberId: string, resolutionId: string): Promise<Member> {
    const gateway = await this.stage.joined(memberId);
    const member = await this.member(memberId);
    expect(
      member.status === 'admitted' && member.joined !== undefined,
      `${memberId} is admitted and on the network`,
    );
    expect(
      member.admission !== undefined &&
        'resolutionId' in member.admission &&
        member.admission.resolutionId === resolutionId,
      `the admission of ${memberId} names its resolution`,
    );
    this.report({
      text: `${memberId} is member number ${this.stage.gateways.length}, its organization ${gateway.mspId} has joined the network, its gateway is ${gateway.url}`,
      transactionId: member.joined.transactionId,
    });
    return member;
  }

  async member(memberId: string): Promise<Member> {
    return (await this.call<Member>(CHAIR, 'auditor', 'GET', `/members/${memberId}`)).body;
  }

  /** The register and the resolutions, with what they must be. */
  async end(resolutionIds: string[]): Promise<StoryEnd> {
    const reader = this.stage.gateway(CHAIR);
    const members = await all<Member>(reader, 'auditor', '/members', { minBlock: this.minBlock });
    const resolutions = await all<Resolution>(reader, 'auditor', '/resolutions');
    const admitted = members.filter(({ status }) => status === 'admitted');
    expect(admitted.length === this.stage.gateways.length, 'every admitted member has a gateway');
    expect(members.length === admitted.length + 1, 'the register holds the rejected applicant too');
    expect(resolutions.length === resolutionIds.length, 'there is a resolution for each applicant');
    for (const id of resolutionIds) {
      const ballots = await all<Ballot>(reader, 'auditor', `/resolutions/${id}/ballots`);
      const resolution = resolutions.find((candidate) => candidate.id === id);
      const cast = ballots.filter(({ status }) => status === 'cast');
      expect(
        cast.length === resolution?.decision?.ballots.length,
        `the ballots of ${id} are those that were decided on`,
      );
      this.report({
        text: `${id}: ${cast.map(({ memberId, choice }) => `${memberId} ${choice ?? ''}`).join(', ')}`,
      });
    }
    return { members, resolutions };
  }

  private async act<T>(
    text: string,
    memberId: string,
    role: TokenRole,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer<T>> {
    const answer = await this.call<T>(memberId, role, method, path, body);
    this.report({
      text,
      ...(answer.transactionId === undefined ? {} : { transactionId: answer.transactionId }),
    });
    return answer;
  }

  private async call<T>(
    memberId: string,
    role: TokenRole,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer<T>> {
    const answer = await call<T>(this.stage.gateway(memberId), role, method, path, {
      body,
      minBlock: this.minBlock,
    });
    this.minBlock = answer.blockNumber ?? this.minBlock;
    return answer;
  }
}

/** Tells a story: acts through the members' gateways, one after the other, each with what it came to. */
import type { Ballot, Choice, Member, MemberApplication, Proposal, Resolution } from 'umlauf-chaincode/api';
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
  /** Resolves when the members' sites and nodes are declared. */
  declared(): Promise<void>;
}

export interface StoryStep {
  readonly text: string;
  readonly transactionId?: string;
}

export const CHAIR = 'bundesdruckerei';
export const PROPOSER = 'itdz-berlin';

/** Tells each act with its transaction id, and hands on which block has been seen. */
export class Teller {
  private minBlock: string | undefined;

  constructor(
    readonly stage: Stage,
    readonly report: (step: StoryStep) => void,
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
  admission(memberId: string, title: string): Promise<string> {
    return this.opened({
      id: `admission-${memberId}`,
      title,
      motion: `Die Generalversammlung lässt den Beitritt zu: ${memberId}.`,
      matter: 'admission',
      effects: [{ kind: 'admit', memberId }],
    });
  }

  /** Proposes and opens a circular resolution of all members; answers its id. */
  async opened(
    what: Pick<Proposal, 'id' | 'title' | 'motion' | 'matter' | 'effects' | 'majority'>,
  ): Promise<string> {
    const proposal: Omit<Proposal, 'documents' | 'organ'> = {
      ...what,
      form: 'circular',
      procedureBasis: 'bylaws-clause',
      votingPeriod: 'P14D',
    };
    await this.act(
      `resolution proposed: ${what.title} (circular, unanimity of all)`,
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

  async act<T>(
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

  async call<T>(
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

  /** Every item of a list, as seen after what was told so far. */
  list<T>(path: string): Promise<T[]> {
    return all<T>(this.stage.gateway(CHAIR), 'auditor', path, { minBlock: this.minBlock });
  }
}

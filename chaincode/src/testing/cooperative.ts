/** A cooperative to test with: its founders, bylaws, applicants, and the steps that tests repeat. */
import type { InputOf } from '../api/transactions';
import type { Bylaws } from '../domain/bylaws';
import type { EffectInput } from '../domain/effects/input';
import type { FoundationInput } from '../domain/foundation';
import { MATTER_IDS, MATTERS } from '../domain/matters';
import type { MemberApplication, MemberFacts } from '../domain/member';
import type { Choice } from '../domain/resolution';
import { type Office, World } from './world';

type ProposalInput = InputOf<'resolutions:propose'>;

export const mspIdOf = (memberId: string): string => `${memberId}-msp`;
const fingerprint = (seed: string): string => Buffer.from(seed.padEnd(32, '.')).toString('hex').slice(0, 64);

export const DOCUMENT = {
  name: 'Declaration.pdf',
  mediaType: 'application/pdf',
  sha256: 'ab'.repeat(32),
} as const;

export function identity(id: string): FoundationInput['members'][number] {
  return {
    id,
    legalName: `Public body ${id}`,
    levels: ['state'],
    category: 'state-provider',
    mspId: mspIdOf(id),
    mspFingerprints: { signing: [fingerprint(`s-${id}`)], tls: [fingerprint(`t-${id}`)] },
    office: 'Chief Information Officer',
  };
}

export function application(id: string, change: Partial<MemberApplication> = {}): MemberApplication {
  return { ...identity(id), declaration: { ...DOCUMENT }, ...change };
}

const FORMS = ['in-person', 'virtual', 'hybrid', 'circular'] as const;

/** Bylaws like those that ship, with voting periods from the shortest on that their skew lets be. */
export function bylaws(boardHolding: string[], change: Partial<Bylaws> = {}): Bylaws {
  const matter = (id: (typeof MATTER_IDS)[number]): Bylaws['matters']['ordinary'] => ({
    majority: id === 'exclusion' ? 'three-quarters' : MATTERS[id].statutory.majority,
    base: 'votes-cast',
    quorumPercent: 0,
    forms: [...FORMS],
    ballotsChangeable: false,
  });
  const assembly = { noticePeriod: 'P14D', shortestVoting: 'PT90S', longestVoting: 'P60D' };
  return {
    matters: {
      ...(Object.fromEntries(MATTER_IDS.map((id) => [id, matter(id)])) as Bylaws['matters']),
      admission: { ...matter('admission'), majority: 'unanimous', base: 'all-on-roll' },
    },
    forms: {
      'in-person': assembly,
      virtual: assembly,
      hybrid: assembly,
      circular: { ...assembly, noticePeriod: 'P0D', procedureClause: '§ 14 (3)' },
    },
    votesPerMember: 1,
    boardHolding,
    financialYearEnd: '12-31',
    resignationPeriod: 'P3M',
    timeZone: 'Europe/Berlin',
    focusAreas: [{ id: 'blockchain', name: 'Blockchain' }],
    skew: 'PT30S',
    f: 'third',
    actWithin: 'P14D',
    ...change,
  };
}

/** A founded cooperative of `alpha`, `bravo`, … whose first two members hold the board. */
export class Cooperative {
  readonly world = new World();
  #resolutions = 0;

  private constructor(
    readonly founders: readonly string[],
    readonly bylaws: Bylaws,
  ) {
    for (const id of founders) this.world.organizations.set(mspIdOf(id), true);
  }

  static readonly NAMES = ['alpha', 'bravo', 'charlie', 'delta', 'echo', 'foxtrot', 'golf', 'hotel'] as const;

  static unfounded(size = 4, change: Partial<Bylaws> = {}): Cooperative {
    const founders = Cooperative.NAMES.slice(0, size);
    return new Cooperative(founders, bylaws(founders.slice(0, 2), change));
  }

  static async founded(size = 4, change: Partial<Bylaws> = {}): Promise<Cooperative> {
    const cooperative = Cooperative.unfounded(size, change);
    const { id } = await cooperative.board('alpha').call('foundations:submit', cooperative.foundation);
    for (const founder of cooperative.founders)
      await cooperative.board(founder).call('foundations:confirm', { id });
    return cooperative;
  }

  get foundation(): FoundationInput {
    return { members: this.founders.map(identity), bylaws: this.bylaws };
  }

  board(memberId: string): Office {
    return this.world.office(mspIdOf(memberId), 'board');
  }
  representative(memberId: string): Office {
    return this.world.office(mspIdOf(memberId), 'representative');
  }
  auditor(memberId: string): Office {
    return this.world.office(mspIdOf(memberId), 'auditor');
  }

  proposal(change: Partial<ProposalInput> = {}): ProposalInput {
    this.#resolutions += 1;
    return {
      id: `resolution-${this.#resolutions}`,
      title: 'A resolution',
      motion: 'The general assembly resolves.',
      matter: 'ordinary',
      form: 'circular',
      procedureBasis: 'bylaws-clause',
      votingPeriod: 'P14D',
      effects: [{ kind: 'record-only' }],
      ...change,
    };
  }

  /** Proposed by alpha. */
  async proposed(change: Partial<ProposalInput> = {}): Promise<string> {
    const proposal = this.proposal(change);
    await this.board('alpha').call('resolutions:propose', proposal);
    return proposal.id;
  }

  /** As the members' gateways do when they see a proposal or an opening. */
  async received(id: string): Promise<void> {
    await this.board('bravo').call('resolutions:receive', { id });
  }

  /** Proposed and opened by alpha, and received. */
  async opened(change: Partial<ProposalInput> = {}): Promise<string> {
    const id = await this.proposed(change);
    await this.board('alpha').call('resolutions:open', { id });
    await this.received(id);
    return id;
  }

  async vote(id: string, choices: Readonly<Record<string, Choice>>): Promise<void> {
    for (const [memberId, choice] of Object.entries(choices))
      await this.representative(memberId).call('resolutions:vote', { id, choice });
  }

  /** All on the roll vote yes, then alpha decides. */
  async adopted(change: Partial<ProposalInput> = {}): Promise<string> {
    const id = await this.opened(change);
    const { opening } = await this.board('alpha').call('resolutions:get', { id });
    for (const { memberId } of opening?.roll ?? [])
      if (this.world.organizations.has(mspIdOf(memberId))) await this.vote(id, { [memberId]: 'yes' });
    await this.board('alpha').call('resolutions:decide', { id });
    return id;
  }

  /** Its representative resigns, which the others receive. */
  async resigned(memberId: string): Promise<MemberFacts> {
    await this.representative(memberId).call('members:resign', { id: memberId });
    const other = memberId === 'bravo' ? 'charlie' : 'bravo';
    return this.board(other).call('members:receive', { id: memberId });
  }

  async applied(memberId: string): Promise<void> {
    await this.board('alpha').call('members:apply', application(memberId));
  }

  async admitted(memberId: string): Promise<string> {
    await this.applied(memberId);
    return this.adopted(admission(memberId));
  }

  /** Admitted, on the channel and confirmed. */
  async joined(memberId: string): Promise<string> {
    const id = await this.admitted(memberId);
    this.world.organizations.set(mspIdOf(memberId), true);
    await this.board('alpha').call('members:confirmJoined', { id: memberId });
    return id;
  }

  async status(memberId: string): Promise<string> {
    return (await this.board('alpha').call('members:get', { id: memberId })).status;
  }
}

export const admission = (memberId: string) =>
  ({ matter: 'admission', effects: [{ kind: 'admit', memberId }] }) as const satisfies Partial<ProposalInput>;

export const exclusion = (memberId: string) =>
  ({
    matter: 'exclusion',
    effects: [{ kind: 'exclude', memberId, reason: 'Gross breach of duties.', hearing: { ...DOCUMENT } }],
  }) as const satisfies Partial<ProposalInput>;

export const amendment = (base: string, bylaws: Bylaws) =>
  ({
    matter: 'bylaws-amendment' as const,
    effects: [{ kind: 'amend-bylaws', base, bylaws } satisfies EffectInput],
  }) satisfies Partial<ProposalInput>;

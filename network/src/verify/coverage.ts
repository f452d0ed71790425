/**
 * The network follows the register: every organization of a configuration is there because the foundation or a
 * resolution covers it, with the root certificates that were admitted. Organizations that were there before the
 * foundation are judged when it holds, since it must name exactly them.
 */
import { rules } from 'umlauf-chaincode/api';
import type { ChannelConfig } from 'umlauf-channel';
import type { CooperativeState } from './cooperative/state.js';
import type { Finder, OpenPoint, OrganizationCover } from './report.js';
import { admittedBy } from './summary.js';

type Organization = ChannelConfig['organizations'] extends ReadonlyMap<string, infer T> ? T : never;

/** An organization of the channel since a block. */
interface Presence {
  readonly since: number;
  readonly organization: Organization;
}

export class CoverageCheck {
  readonly #state: CooperativeState;
  readonly #find: Finder;
  readonly #present = new Map<string, Presence>();
  /** Organizations that no member covers yet: before the foundation there is none. */
  readonly #waiting = new Map<string, Presence>();

  constructor(state: CooperativeState, find: Finder) {
    this.#state = state;
    this.#find = find;
  }

  /** Judges a configuration by the register as the blocks before have left it. */
  configured(config: ChannelConfig, block: number): void {
    const organizations = organizationsOf(config);
    for (const mspId of [...this.#present.keys()])
      if (!organizations.some((organization) => organization.mspId === mspId)) this.#present.delete(mspId);
    const founded = this.#founded();
    for (const organization of organizations) {
      const known = this.#present.get(organization.mspId);
      const presence = { since: known?.since ?? block, organization };
      this.#present.set(organization.mspId, presence);
      if (founded) this.#judge(presence, block, known === undefined);
      else this.#waiting.set(`${organization.mspId} ${block}`, { since: block, organization });
    }
  }

  /** Judges what stood in configurations before the foundation, once it holds. */
  advanced(): void {
    if (this.#waiting.size === 0 || !this.#founded()) return;
    for (const presence of this.#waiting.values()) this.#judge(presence, presence.since, true);
    this.#waiting.clear();
  }

  /** Without a foundation nothing covers anyone. */
  ended(): void {
    for (const { since, organization } of this.#waiting.values())
      this.#find({
        check: 'coverage',
        message: `${organization.mspId} is on the channel, and there is no foundation or resolution that covers it`,
        block: since,
      });
  }

  /** The organizations at the end, each with what covers it. */
  organizations(): OrganizationCover[] {
    return [...this.#present.values()].map(({ since, organization: { mspId } }) => {
      const member = this.#state.memberByMsp(mspId);
      return {
        mspId,
        since,
        ...(member && { memberId: member.id }),
        ...admittedBy(member),
      };
    });
  }

  /** Members without an organization, and organizations whose membership has ended: to be done, not wrong. */
  openPoints(): OpenPoint[] {
    const waiting = this.#state
      .registered()
      .filter(({ mspId }) => !this.#present.has(mspId))
      .map(({ id, mspId }) => ({ kind: 'member-without-organization' as const, memberId: id, mspId }));
    const left = [...this.#present.keys()].flatMap((mspId) => {
      const member = this.#state.memberByMsp(mspId);
      return member?.admission && !rules.onRegister(member)
        ? [{ kind: 'former-member-with-organization' as const, memberId: member.id, mspId }]
        : [];
    });
    return [...waiting, ...left];
  }

  #founded(): boolean {
    return this.#state.all('foundation').length > 0;
  }

  /** @param isNew whether the organization comes with this configuration; one may stay on for a while after its end */
  #judge({ organization }: Presence, block: number, isNew: boolean): void {
    const { mspId } = organization;
    const find = (message: string) =>
      this.#find({ check: 'coverage', message: `${mspId} is on the channel, ${message}`, block });
    const member = this.#state.memberByMsp(mspId);
    if (!member?.admission) {
      find('and no foundation or resolution covers it');
      return;
    }
    if (isNew && !rules.onRegister(member)) {
      find(`though the membership of ${member.id} has ended`);
      return;
    }
    const { signing, tls } = member.mspFingerprints;
    if (!sameSet(organization.rootFingerprints, signing))
      find(`with other signing roots than ${member.id} was admitted with`);
    if (!sameSet(organization.tlsRootFingerprints, tls))
      find(`with other TLS roots than ${member.id} was admitted with`);
  }
}

/** Members and orderers; an organization that is both stands in both groups, which may differ. */
const organizationsOf = (config: ChannelConfig): Organization[] => [
  ...config.organizations.values(),
  ...config.ordererOrganizations.values(),
];

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  rules.sameContent([...new Set(a)].sort(), [...new Set(b)].sort());

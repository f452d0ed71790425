/** Whose organizations are on the network, changed as the register covers it. */
import { publicOrganization, rootFingerprints } from 'umlauf-channel';
import { checkChange, type CheckedChange, type Facts } from '../channel-changes/check.js';
import { coverOfPresence, NotCoveredError } from '../channel-changes/cover.js';
import type { Engine } from '../engine.js';
import type { LocalOrganization } from '../home/organizations.js';
import type { GatewayAccess } from '../rest.js';
import { UserError } from '../user-error.js';
import type { Gateways } from './gateways.js';
import type { Register } from './register.js';
import type { ListedMember } from './schema.js';

/** What came of taking an organization off the channel. */
export interface TakenOut extends Pick<CheckedChange, 'by' | 'unmeetable'> {
  /** False if it was off already. */
  readonly removed: boolean;
}

export interface MembershipParts {
  /** All that the consortium file lists. */
  readonly listed: readonly ListedMember[];
  readonly engine: Engine;
  readonly gateways: Gateways;
  readonly register: Register;
  /** Told of each organization that is on the network from now on, with its gateway. */
  readonly joined: (gateway: GatewayAccess, organization: LocalOrganization) => Promise<void>;
}

export class Membership {
  constructor(private readonly parts: MembershipParts) {}

  /**
   * The organization of anybody whom the consortium file lists or the register knows.
   * @throws UserError if neither does
   */
  async mspIdOf(memberId: string): Promise<string> {
    const { listed, register } = this.parts;
    const member = listed.find(({ id }) => id === memberId);
    const mspId = member?.mspId ?? (await register.member(memberId))?.mspId;
    if (mspId === undefined)
      throw new UserError(`neither the consortium file nor the register has a member ${memberId}`);
    return mspId;
  }

  /**
   * Brings an admitted member's organization in: on the channel, its gateway up, joined confirmed. Running it again
   * finishes what was interrupted.
   * @returns whether anything was missing
   * @throws NotCoveredError if the register doesn't cover it, or admitted other keys
   */
  async bringIn(organization: LocalOrganization): Promise<boolean> {
    const { engine, gateways, register } = this.parts;
    const { id, mspId } = organization.member;
    const fingerprints = rootFingerprints(publicOrganization(organization.material));
    const { member } = coverOfPresence(mspId, fingerprints, await register.members(), new Date());
    if (member.id !== id)
      throw new NotCoveredError(`the register has ${mspId} as the organization of ${member.id}`);
    const isNew = !gateways.has(organization);
    await engine.join(organization);
    await gateways.start(organization);
    const access = gateways.of(id);
    if (!member.joined) await register.confirmJoined(access, id);
    if (isNew || !member.joined) await this.parts.joined(access, organization);
    return isNew || !member.joined;
  }

  /** Has admitted members whose gateways run here record that they have joined, unless that is recorded. */
  async confirmHere(): Promise<void> {
    const { gateways, register } = this.parts;
    for (const access of gateways.all) {
      const member = await register.member(access.memberId);
      if (member?.admission && !member.joined) await register.confirmJoined(access, access.memberId);
    }
  }

  /**
   * Takes an organization off the channel, stops its gateway and what it runs here. Running it again finishes what was
   * interrupted.
   * @param force although an open vote counts on it
   * @throws NotCoveredError if its membership hasn't ended
   * @throws UserError if the channel or an open vote needs it
   */
  async takeOut(mspId: string, force: boolean): Promise<TakenOut> {
    const { engine, gateways } = this.parts;
    if ((await engine.cutOff()).has(mspId)) {
      await gateways.stop(mspId);
      await engine.remove(mspId);
      return { removed: false, by: 'the members elsewhere', unmeetable: [] };
    }
    const facts = await this.facts();
    const wasThere = facts.channel.organizations.has(mspId);
    const { by, unmeetable } = checkChange({ kind: 'remove', mspId }, facts, { force: force || !wasThere });
    await engine.remove(mspId);
    await gateways.stop(mspId);
    return { removed: wasThere, by, unmeetable };
  }

  /** What changes of the channel's organizations are judged by, as it is now. */
  async facts(): Promise<Facts> {
    const { engine, register } = this.parts;
    const [channel, members, resolutions] = await Promise.all([
      engine.configuration(),
      register.members(),
      register.resolutions(),
    ]);
    return { channel, members, resolutions, now: new Date() };
  }
}

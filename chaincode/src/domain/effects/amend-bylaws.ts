import { DomainError } from '../errors';
import { boardHolding } from '../register/cooperative';
import { unsupportedIn } from '../unsupported';
import type { EffectDefinition } from './effect';

/** So many ids fit into an error. */
const IDS_IN_ERROR = 10;

/**
 * Replaces the bylaws: decided at once, in effect only on registration (§16(6) GenG), and only if the version that it
 * names as its base is still in force then.
 *
 * Board-holding members must be admitted and joined when it is proposed and opened, but not later: what the register of
 * cooperatives has entered is law, and where no board-holding member is left any member's board acts for it.
 */
export const amendBylaws: EffectDefinition<'amend-bylaws'> = {
  kind: 'amend-bylaws',
  matter: 'bylaws-amendment',
  effective: 'on-registration',
  target: () => ({ kind: 'bylaws', id: 'bylaws' }),

  validate: async ({ base, bylaws }, { call, version, today }, moment) => {
    const unsupported = unsupportedIn(bylaws);
    if (unsupported) return unsupported;
    if (base !== version) return 'base-not-in-force';
    if (moment === 'adopted') return undefined;
    const able = await boardHolding(call, bylaws, today);
    const memberIds = bylaws.boardHolding.filter((id) => !able.includes(id));
    return memberIds.length === 0
      ? undefined
      : new DomainError('bylaws-board-holding', { memberIds: memberIds.slice(0, IDS_IN_ERROR) });
  },

  adopted: () => Promise.resolve({ effective: 'on-registration' }),
};

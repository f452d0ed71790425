import { recorded } from '../call';
import { memberStatus, onRegister } from '../members/status';
import { findMember, getMember, putMember } from '../register/register';
import { financialYearEnd } from '../time';
import type { EffectDefinition } from './effect';

/**
 * Excludes a member (§68 GenG): to the end of the financial year of the decision, off new rolls from its dispatch. A
 * resignation beside it stands; the earlier end counts.
 */
export const exclude: EffectDefinition<'exclude'> = {
  kind: 'exclude',
  matter: 'exclusion',
  effective: 'financial-year-end',
  target: ({ memberId }) => ({ kind: 'member', id: memberId }),

  validate: async ({ memberId }, { call }) => {
    const record = await findMember(call, memberId);
    if (!record?.admission) return 'not-a-member';
    if (!onRegister(record)) return `member-is-${memberStatus(record)}`;
    return record.exclusion ? 'already-excluded' : undefined;
  },

  adopted: async ({ memberId }, { call, resolutionId, bylaws, today }) => {
    const before = await getMember(call, memberId);
    const effectiveAt = financialYearEnd(today, bylaws.financialYearEnd);
    const exclusion = { resolutionId, decidedAt: call.at, effectiveAt, recorded: recorded(call) };
    await putMember(call, { ...before, exclusion }, before);
    call.tell('member.exclusion-decided', memberId, { resolutionId, effectiveAt });
    return { effective: 'financial-year-end', effectiveAt, executed: recorded(call) };
  },
};

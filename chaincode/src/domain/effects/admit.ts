import { recorded } from '../call';
import { sameContent } from '../canonical';
import { memberStatus } from '../members/status';
import { findMember, findMemberByMsp, getMember, putMember } from '../register/register';
import type { EffectDefinition } from './effect';

/**
 * Admits an applicant (§§15–15b GenG): admission makes the member, at once. Rejected, its application is closed;
 * lapsed, it stands and may be put to the vote again.
 */
export const admit: EffectDefinition<'admit'> = {
  kind: 'admit',
  matter: 'admission',
  effective: 'at-once',
  target: ({ memberId }) => ({ kind: 'applicant', id: memberId }),

  // Keys are admitted, not a name: members vote on these roots and on this application.
  pin: async (input, { call }) => {
    const record = await findMember(call, input.memberId);
    return {
      ...input,
      ...(record && { mspId: record.mspId, mspFingerprints: record.mspFingerprints }),
      ...(record?.application && { applicationSha256: record.application.contentSha256 }),
      ...given(input),
    };
  },

  validate: async ({ memberId, mspId, mspFingerprints, applicationSha256 }, { call }) => {
    const record = await findMember(call, memberId);
    if (!record?.application) return 'not-an-applicant';
    const status = memberStatus(record);
    if (status !== 'applied') return `applicant-is-${status}`;
    if ((await findMemberByMsp(call, record.mspId))?.id !== memberId) return 'msp-id-taken';
    const same =
      (mspId ?? record.mspId) === record.mspId &&
      sameContent(mspFingerprints ?? record.mspFingerprints, record.mspFingerprints) &&
      (applicationSha256 ?? record.application.contentSha256) === record.application.contentSha256;
    return same ? undefined : 'application-differs';
  },

  adopted: async ({ memberId }, { call, resolutionId }) => {
    const before = await getMember(call, memberId);
    const admission = { resolutionId, decidedAt: call.at, effectiveAt: call.at, recorded: recorded(call) };
    await putMember(call, { ...before, admission }, before);
    call.tell('member.admitted', memberId, { resolutionId, mspId: before.mspId });
    return { effective: 'at-once', effectiveAt: call.at, executed: recorded(call) };
  },

  rejected: async ({ memberId }, { call, resolutionId }) => {
    const before = await findMember(call, memberId);
    if (!before || memberStatus(before) !== 'applied') return;
    await putMember(call, { ...before, rejection: { resolutionId, recorded: recorded(call) } }, before);
    call.tell('member.rejected', memberId, { resolutionId });
  },
};

/** The fields that the proposer did give: they are checked against the application, never replaced by it. */
const given = <T extends object>(input: T): T =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as T;

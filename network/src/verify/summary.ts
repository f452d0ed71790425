/** The cooperative as the blocks leave it, in short. */
import { rules, type MemberRecord, type ResolutionRecord } from 'umlauf-chaincode/api';
import type { CooperativeState } from './cooperative/state.js';
import type { MemberSummary, ResolutionSummary } from './report.js';

export function memberSummaries(state: CooperativeState): MemberSummary[] {
  return byId(state.all<MemberRecord>('member')).map((member) => ({
    id: member.id,
    status: rules.memberStatus(member),
    ...admittedBy(member),
  }));
}

/** What admitted a member; nothing where nothing did. */
export function admittedBy(member: MemberRecord | undefined): {
  resolutionId?: string;
  foundation?: string;
} {
  const admission = member?.admission;
  if (!admission) return {};
  return 'resolutionId' in admission
    ? { resolutionId: admission.resolutionId }
    : { foundation: admission.foundation };
}

export function resolutionSummaries(state: CooperativeState): ResolutionSummary[] {
  return byId(state.all<ResolutionRecord>('resolution')).map((record) => {
    const { yes, no, abstain, notCast } = record.decision?.tally ?? {};
    return {
      id: record.id,
      matter: record.matter,
      status: rules.resolutionStatus(record),
      ...(record.decision && { yes, no, abstain, notCast }),
    } as ResolutionSummary;
  });
}

const byId = <T extends { readonly id: string }>(records: readonly T[]): T[] =>
  [...records].sort((a, b) => (a.id < b.id ? -1 : 1));

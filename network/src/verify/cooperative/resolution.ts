/** Resolutions: proposed, opened, withdrawn and decided, each once and each by its own act. */
import { keys, rules, type ResolutionRecord } from 'umlauf-chaincode/api';
import { judgeDecision } from './decision.js';
import { isProposable, pinnedEffects } from './effects.js';
import type { Judge } from './judge.js';
import { judgeOpening } from './opening.js';
import type { Change } from './state.js';

const CHECK = 'resolution';

export function judgeResolution(judge: Judge, { parts, before, after }: Change<ResolutionRecord>): void {
  if (!after) {
    judge.find(CHECK, `the resolution ${parts[0] ?? ''} is deleted`);
    return;
  }
  judge.require(CHECK, parts[0] === after.id, `the resolution ${after.id} lies under another name`);
  if (!before) {
    judgeProposal(judge, after);
    return;
  }
  const { withdrawal, opening, decision, ...kept } = after;
  const added = { withdrawal, opening, decision };
  judge.same(CHECK, kept, without(before, Object.keys(added)), `what ${after.id} proposes is changed`);
  const changed = (Object.keys(added) as (keyof typeof added)[]).filter(
    (part) => !rules.sameContent(added[part] ?? null, before[part] ?? null),
  );
  const [part, ...others] = changed;
  if (part === undefined || others.length > 0 || before[part] !== undefined) {
    judge.find(CHECK, `of ${after.id} ${changed.join(' and ') || 'nothing'} is written again`);
    return;
  }
  if (opening && part === 'opening') judgeOpening(judge, before, { ...after, opening });
  else if (decision && opening && part === 'decision') judgeDecision(judge, { ...before, opening }, decision);
  else if (part === 'withdrawal') judgeWithdrawal(judge, before, after);
  else judge.find(CHECK, `of ${after.id} ${part} is removed`);
}

function without(record: object, parts: readonly string[]): object {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !parts.includes(name)));
}

function judgeProposal(judge: Judge, after: ResolutionRecord): void {
  const proposal = judge.asked('resolutions:propose', after.id);
  const inForce = judge.authorize('propose');
  if (!proposal || !inForce) return;
  const { bylaws } = inForce;
  judge.same(
    CHECK,
    after,
    {
      ...proposal,
      effects: pinnedEffects(proposal.effects, after.effects, judge),
      contentSha256: rules.contentSha256(proposal),
      proposal: {
        memberId: judge.caller()?.id,
        opensFrom: rules.noticeFrom(judge.act.at, proposal.form, bylaws),
        recorded: judge.recorded(),
      },
    },
    `the resolution ${after.id} is not what was proposed`,
  );
  judge.within(CHECK, `the bylaws do not allow ${after.id}`, () => rules.ruleFor(bylaws, after));
  judge.within(CHECK, `the effects of ${after.id} do not fit`, () => rules.checkEffects(after));
  for (const [index, effect] of after.effects.entries())
    judge.require(
      CHECK,
      isProposable(effect, judge, inForce),
      `effect ${index} of ${after.id} is proposed although it can't be carried out`,
    );
  for (const field of ['confirms', 'supersedes'] as const) {
    const id = after[field];
    judge.require(
      CHECK,
      id === undefined || judge.state.get(keys.resolution(id))?.decision !== undefined,
      `${after.id} ${field} a resolution that is not decided`,
    );
  }
}

function judgeWithdrawal(judge: Judge, before: ResolutionRecord, after: ResolutionRecord): void {
  judge.asked('resolutions:withdraw', after.id);
  judge.authorize('withdraw-resolution', { filedBy: before.proposal.memberId });
  judge.same('recorded', after.withdrawal, judge.recorded(), 'the withdrawal is recorded as of another act');
  judge.require(
    CHECK,
    rules.resolutionStatus(before) === 'proposed',
    `${after.id} is withdrawn although it was ${rules.resolutionStatus(before)}`,
  );
}

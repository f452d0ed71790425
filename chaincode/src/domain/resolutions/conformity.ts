/** Whether a resolution may be voted on under the bylaws, and under which rule. */
import { FORMS, type Bylaws, type Rule, matterRule } from '../bylaws';
import { DomainError } from '../errors';
import { atLeastAsStrict } from '../majority';
import { ORGANS } from '../organs';
import { PROCEDURE_BASES, type Proposal } from '../resolution';
import { compareDurations } from '../time';

/** What of a resolution the bylaws bear on. */
export type Conforming = Pick<
  Proposal,
  'matter' | 'organ' | 'form' | 'procedureBasis' | 'votingPeriod' | 'majority' | 'quorumPercent'
>;

/**
 * Judged when it is proposed and again, under the bylaws then in force, when voting opens.
 *
 * @returns the rule that it is decided under: the matter's, or the stricter one that it asks for.
 * @throws {DomainError} `unsupported`, `form-not-allowed`, `procedure-basis`, `voting-period`, `majority-too-low`,
 *   `quorum-too-low`
 */
export function ruleFor(bylaws: Bylaws, resolution: Conforming): Rule {
  if (!ORGANS[resolution.organ].supported) throw new DomainError('unsupported', { feature: 'other-organs' });
  // The discussion phase of §43b GenG.
  if (resolution.form === 'extended') throw new DomainError('unsupported', { feature: 'extended-form' });
  const required = matterRule(bylaws, resolution.matter);
  const form = bylaws.forms[resolution.form];
  if (!form || !required.forms.includes(resolution.form))
    throw new DomainError('form-not-allowed', {
      allowed: FORMS.filter((form) => bylaws.forms[form] && required.forms.includes(form)),
    });
  checkProcedureBasis(bylaws, resolution);
  const { shortestVoting: shortest, longestVoting: longest } = form;
  if (
    compareDurations(resolution.votingPeriod, shortest) < 0 ||
    compareDurations(resolution.votingPeriod, longest) > 0
  )
    throw new DomainError('voting-period', { shortest, longest });

  const majority = resolution.majority ?? required.majority;
  if (!atLeastAsStrict(majority, required.majority))
    throw new DomainError('majority-too-low', { least: required.majority });
  const quorumPercent = resolution.quorumPercent ?? required.quorumPercent;
  if (quorumPercent < required.quorumPercent)
    throw new DomainError('quorum-too-low', { least: required.quorumPercent });
  return { majority, base: required.base, quorumPercent };
}

/** The circular procedure needs a stated basis, since §43b GenG doesn't list it; the other forms have theirs there. */
function checkProcedureBasis(bylaws: Bylaws, { form, procedureBasis }: Conforming): void {
  const clause = bylaws.forms[form]?.procedureClause !== undefined;
  const allowed =
    form === 'circular' ? PROCEDURE_BASES.filter((basis) => basis === 'consent-of-all' || clause) : [];
  const fits = procedureBasis === undefined ? allowed.length === 0 : allowed.includes(procedureBasis);
  if (!fits) throw new DomainError('procedure-basis', { allowed });
}

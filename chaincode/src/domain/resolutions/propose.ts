import { type Call, recorded } from '../call';
import { contentSha256 } from '../canonical';
import { checkEffects, pinEffects, validateEffects } from '../effects/carry-out';
import { DomainError } from '../errors';
import { callersMember, enter } from '../register/cooperative';
import type { Proposal, Resolution, ResolutionRecord } from '../resolution';
import { ruleFor } from './conformity';
import { hasNotice, noticeFrom } from './receipt';
import { findResolution, putResolution } from './records';
import { ResolutionViews } from './view';

/**
 * The board of an admitted member proposes a resolution; the notice period runs from its receipt. It may ask for a
 * stricter majority or a higher quorum than its matter requires, never for less.
 *
 * @throws {DomainError} `unchanged`, `id-conflict`, `resolution-reference`, `effect-matter`, `effect-target-repeated`,
 *   `effect-invalid` or the effect's own, what {@link ruleFor} and entering refuse
 */
export async function propose(call: Call, proposal: Proposal): Promise<Resolution> {
  const cooperative = await enter(call, 'propose');
  const { bylaws } = cooperative;
  const sha256 = contentSha256(proposal);
  const former = await findResolution(call, proposal.id);
  if (former)
    throw new DomainError(former.contentSha256 === sha256 ? 'unchanged' : 'id-conflict', {
      resource: 'resolution',
    });
  ruleFor(bylaws, proposal);
  checkEffects(proposal);
  await checkReferences(call, proposal);
  const context = { call, resolutionId: proposal.id, ...cooperative };
  const effects = await pinEffects(proposal.effects, context);
  await validateEffects(effects, context, 'proposed');

  const record: ResolutionRecord = {
    ...proposal,
    effects,
    contentSha256: sha256,
    proposal: {
      memberId: callersMember(cooperative),
      opensFrom: noticeFrom(call.at, proposal.form, bylaws),
      recorded: recorded(call),
    },
  };
  await putResolution(call, record, undefined);
  call.tell('resolution.proposed', record.id, {
    matter: record.matter,
    memberId: record.proposal.memberId,
    opensFrom: record.proposal.opensFrom,
    awaitsReceipt: hasNotice(record, bylaws),
  });
  return new ResolutionViews(call, bylaws.timeZone).view(record);
}

/** What is confirmed or superseded exists and is decided (§51 GenG). */
async function checkReferences(call: Call, proposal: Proposal): Promise<void> {
  for (const field of ['confirms', 'supersedes'] as const) {
    const id = proposal[field];
    if (id !== undefined && !(await findResolution(call, id))?.decision)
      throw new DomainError('resolution-reference', { field });
  }
}

import type { Bylaws } from '../bylaws';
import { type Call, recorded } from '../call';
import { tellEffect } from '../effects/carry-out';
import { DomainError } from '../errors';
import { bylawsInForce, bylawsVersion, effect, registration } from '../keys';
import { getBylaws } from '../register/bylaws-versions';
import type { Cooperative } from '../register/cooperative';
import type { EffectResult, RegistrationInput, Resolution, ResolutionRecord } from '../resolution';
import { checkDate, enterAfterDecision, refuseRepetition } from './follow-up';
import { deletePending } from './records';
import { requireStatus } from './status';
import { ResolutionViews } from './view';

/**
 * Records the registration of an amendment, from which it takes effect (§16(6) GenG). If its base is no longer in force,
 * because another amendment was registered first, the effect is recorded as failed.
 *
 * A board-holding organization does it; `actWithin` after the decision, the board of any admitted member.
 *
 * @throws {DomainError} `not-found`, `wrong-status`, `effect-invalid`, `date-out-of-range`, `unchanged`, `id-conflict` and
 *   what entering refuses
 */
export async function registerAmendment(
  call: Call,
  { id, ...input }: { id: string } & RegistrationInput,
): Promise<Resolution> {
  const { found: record, ...cooperative } = await enterAfterDecision(call, 'register', id);
  requireStatus(record, 'adopted');
  const { index, base, bylaws } = amendmentOf(record);
  refuseRepetition('registration', await call.ledger.get(registration(id)), input);
  const former = await call.ledger.get(effect(id, index));
  if (former?.failed !== undefined) throw new DomainError('effect-invalid', { index, reason: former.failed });
  if (!former || !record.decision) throw new Error('an adopted amendment has no effect recorded');
  checkDate(input.date, record.decision, cooperative);

  const fact = { ...input, recorded: recorded(call) };
  await call.ledger.put(registration(id), fact);
  await deletePending(call, 'registration', id);
  const result: EffectResult =
    base === cooperative.version
      ? { ...former, effectiveAt: input.date, executed: recorded(call) }
      : { ...former, failed: 'base-not-in-force' };
  await call.ledger.put(effect(id, index), result);
  call.tell('resolution.registered', id, { date: input.date });
  tellEffect({ call, resolutionId: id, ...cooperative }, result);
  if (result.executed) await putInForce(call, cooperative, id, input.date, bylaws);

  const effectResults = await Promise.all(
    record.effects.map((_, each) =>
      each === index ? Promise.resolve(result) : call.ledger.get(effect(id, each)),
    ),
  );
  return new ResolutionViews(call, cooperative.bylaws.timeZone).view(record, {
    registration: fact,
    effectResults: effectResults.filter((each) => each !== undefined),
  });
}

/** At most one effect amends the bylaws. */
function amendmentOf({ effects }: ResolutionRecord): { index: number; base: string; bylaws: Bylaws } {
  for (const [index, each] of effects.entries())
    if (each.kind === 'amend-bylaws') return { index, base: each.base, bylaws: each.bylaws };
  throw new DomainError('effect-invalid', { index: 0, reason: 'no-amendment' });
}

async function putInForce(
  call: Call,
  { version }: Cooperative,
  id: string,
  effectiveFrom: string,
  bylaws: Bylaws,
): Promise<void> {
  const superseded = await getBylaws(call, version);
  await call.ledger.put(bylawsVersion(version), { ...superseded, supersededAt: call.at });
  await call.ledger.put(bylawsVersion(id), {
    id,
    base: version,
    effectiveFrom,
    recorded: recorded(call),
    bylaws,
  });
  await call.ledger.put(bylawsInForce, { version: id });
  call.tell('bylaws.in-force', id, { effectiveFrom });
}

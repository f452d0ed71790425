/**
 * What a receipt (Zugang) does to periods. A proposal and an opening carry their sender's date, and the sender may hold
 * the endorsed transaction back: a period counted from the date could have passed before anybody else saw it begin.
 */
import type { Bylaws, Form } from '../bylaws';
import type { Opening, OpeningReceipt, ProposalReceipt, ResolutionRecord } from '../resolution';
import { addDuration, durationMilliseconds, explainedByClocks, noticeEnd } from '../time';

/** Instants in UTC with milliseconds compare as text. */
const latest = (first: string, ...others: readonly string[]): string =>
  others.reduce((last, each) => (each > last ? each : last), first);

/** The notice that the bylaws ask for before a vote in this form. */
function noticePeriod(bylaws: Bylaws, form: Form): string {
  return bylaws.forms[form]?.noticePeriod ?? 'P0D';
}

/** Whether a notice has to run before voting opens: as announced, or as the bylaws in force ask. */
export function hasNotice({ proposal, form }: ResolutionRecord, bylaws: Bylaws): boolean {
  return proposal.opensFrom > proposal.recorded.at || durationMilliseconds(noticePeriod(bylaws, form)) > 0;
}

/** When the notice of a proposal has run that was received at the instant (§46 GenG). */
export function noticeFrom(receivedAt: string, form: Form, bylaws: Bylaws): string {
  return noticeEnd(receivedAt, noticePeriod(bylaws, form), bylaws.timeZone);
}

/**
 * From when voting can be opened: once the notice has run from the receipt, as announced and never less than the bylaws
 * in force ask for.
 *
 * @returns undefined while the receipt is missing that the notice runs from.
 */
export function opensFrom(
  record: ResolutionRecord,
  receipt: ProposalReceipt | undefined,
  bylaws: Bylaws,
): string | undefined {
  const { proposal, form } = record;
  if (!hasNotice(record, bylaws)) return proposal.opensFrom;
  return (
    receipt && latest(proposal.opensFrom, receipt.opensFrom, noticeFrom(receipt.recorded.at, form, bylaws))
  );
}

/**
 * Since when the board-holding organizations could have opened voting: from the receipt, with or without a notice. Else
 * whoever holds a proposal back for `actWithin` would take their right to open it.
 *
 * @param at of the call: without a receipt nothing has begun before it.
 */
export function openableSince(
  record: ResolutionRecord,
  receipt: ProposalReceipt | undefined,
  bylaws: Bylaws,
  at: string,
): string {
  return receipt
    ? latest(opensFrom(record, receipt, bylaws) ?? receipt.opensFrom, receipt.recorded.at)
    : latest(record.proposal.opensFrom, at);
}

/**
 * The deadline of an opening that was received at the instant. Within the clocks' tolerance the pinned one stands;
 * after it the whole period runs from the receipt.
 *
 * @param zone of the bylaws that voting was opened under.
 */
export function deadlineFrom(
  receivedAt: string,
  { recorded, deadline, skew }: Opening,
  votingPeriod: string,
  zone: string,
): string {
  if (explainedByClocks(recorded.at, receivedAt, skew, votingPeriod)) return deadline;
  // Never nearer: periods of months shrink towards the end of a short one.
  return latest(deadline, addDuration(receivedAt, votingPeriod, zone));
}

/** The deadline in effect, as far as it is known. */
export function deadlineOf(opening: Opening, receipt: OpeningReceipt | undefined): string {
  return receipt?.deadline ?? opening.deadline;
}

import { type Call, checkTimestamp, recorded } from '../call';
import { DomainError } from '../errors';
import { openingReceipt, proposalReceipt } from '../keys';
import { getBylaws } from '../register/bylaws-versions';
import { type Cooperative, enterFor } from '../register/cooperative';
import type { Opening, Receipt, ResolutionRecord } from '../resolution';
import { deadlineFrom, noticeFrom } from './receipt';
import { findResolution } from './records';
import { requireStatus } from './status';

/**
 * Any admitted member records that a proposal, or once voting is open the opening, has reached the members (Zugang, §130
 * BGB): the notice and, if it comes late, the voting period run from here. Every gateway does it as soon as it sees one;
 * the first receipt counts. It refers to what is on the ledger, so nobody can have it endorsed beforehand and hold it
 * back to their profit.
 *
 * Reads no ballot, so that no vote can keep it out: it answers the receipt alone.
 *
 * @throws {DomainError} `not-found`, `wrong-status`, `unchanged` and what entering refuses
 */
export async function receive(call: Call, { id }: { id: string }): Promise<Receipt> {
  const { found: record, ...cooperative } = await enterFor(call, 'receive', 'resolution', () =>
    findResolution(call, id),
  );
  requireStatus(record, 'proposed', 'open');
  return record.opening
    ? receiveOpening(call, record, record.opening)
    : receiveProposal(call, record, cooperative);
}

async function receiveProposal(
  call: Call,
  { id, form }: ResolutionRecord,
  { bylaws }: Cooperative,
): Promise<Receipt> {
  if (await call.ledger.get(proposalReceipt(id)))
    throw new DomainError('unchanged', { resource: 'proposal-receipt' });
  const receipt = { recorded: recorded(call), opensFrom: noticeFrom(call.at, form, bylaws) };
  await call.ledger.put(proposalReceipt(id), receipt);
  call.tell('resolution.received', id, { phase: 'proposal', opensFrom: receipt.opensFrom });
  return { id, status: 'received', phase: 'proposal', ...receipt };
}

async function receiveOpening(
  call: Call,
  { id, votingPeriod }: ResolutionRecord,
  opening: Opening,
): Promise<Receipt> {
  if (await call.ledger.get(openingReceipt(id)))
    throw new DomainError('unchanged', { resource: 'opening-receipt' });
  // What counts as late was pinned with this skew; bylaws that took effect since may allow a larger one.
  checkTimestamp(call, opening.skew);
  const { bylaws } = await getBylaws(call, opening.bylawsVersion);
  const deadline = deadlineFrom(call.at, opening, votingPeriod, bylaws.timeZone);
  const receipt = { recorded: recorded(call), deadline };
  await call.ledger.put(openingReceipt(id), receipt);
  call.tell('resolution.received', id, { phase: 'opening', deadline });
  return { id, status: 'received', phase: 'opening', ...receipt };
}

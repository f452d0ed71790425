/** Receipts: recorded once each, of what is on the ledger; the periods of all others run from them (§130 BGB). */
import {
  keys,
  rules,
  type OpeningReceipt,
  type ProposalReceipt,
  type ResolutionRecord,
} from 'umlauf-chaincode/api';
import type { InForce, Judge } from './judge.js';
import type { Change } from './state.js';

const CHECK = 'resolution';

export function judgeProposalReceipt(judge: Judge, change: Change<ProposalReceipt>): void {
  const received = judgeReceipt(judge, change, 'proposed');
  if (!received) return;
  const { record, after, inForce } = received;
  judge.require(
    CHECK,
    after.opensFrom === rules.noticeFrom(judge.act.at, record.form, inForce.bylaws),
    `the notice of ${record.id} does not run from its receipt`,
  );
}

export function judgeOpeningReceipt(judge: Judge, change: Change<OpeningReceipt>): void {
  const received = judgeReceipt(judge, change, 'open');
  if (!received?.record.opening) return;
  const { record, after } = received;
  const { id, opening, votingPeriod } = record;
  const openedUnder = judge.state.get(keys.bylawsVersion(received.record.opening.bylawsVersion))?.bylaws;
  judge.require(
    CHECK,
    openedUnder !== undefined &&
      opening !== undefined &&
      after.deadline === rules.deadlineFrom(judge.act.at, opening, votingPeriod, openedUnder.timeZone),
    `the deadline of ${id} is another than its receipt gives`,
  );
}

function judgeReceipt<T extends ProposalReceipt | OpeningReceipt>(
  judge: Judge,
  { parts, before, after }: Change<T>,
  status: 'proposed' | 'open',
): { record: ResolutionRecord; after: T; inForce: InForce } | undefined {
  const [id = ''] = parts;
  const record = judge.state.get(keys.resolution(id));
  if (!after || before) {
    judge.find(CHECK, `the receipt of ${id} is changed`);
    return undefined;
  }
  judge.asked('resolutions:receive', id);
  const inForce = judge.authorize('receive');
  judge.same('recorded', after.recorded, judge.recorded(), 'the receipt is recorded as of another act');
  const found = record && rules.resolutionStatus(record);
  if (!record || found !== status) {
    judge.find(CHECK, `${id} is received as ${status} although it was ${found ?? 'not there'}`);
    return undefined;
  }
  return inForce && { record, after, inForce };
}

/** Attacks on what is put to the vote, voted and decided. */
import { keys } from 'umlauf-chaincode/api';
import { as, later, type Attack } from './attack.js';
import { CHAIR, NRW, PROPOSER } from './scenario.js';

const admission = keys.resolution('admission-nrw');
const nrw = keys.member(NRW);
const receipt = keys.openingReceipt('admission-nrw');
const aBallot = keys.ballot('admission-nrw', CHAIR);

export const VOTE_ATTACKS: readonly Attack[] = [
  [
    'a ballot other than its voter signed',
    'resolutions:vote',
    (draft) => draft.edit(aBallot, (ballot) => (ballot.choice = 'no')),
    'ballot',
  ],
  ['a ballot cast by another member', 'resolutions:vote', as(PROPOSER, 'representative'), 'act', 'ballot'],
  ['a ballot cast by a board', 'resolutions:vote', as(CHAIR, 'board'), 'act'],
  ['a ballot cast by an auditor', 'resolutions:vote', as(CHAIR, 'auditor'), 'act'],
  ['a ballot cast after the deadline', 'resolutions:vote', later(15), 'ballot'],
  [
    'a ballot on another resolution',
    'resolutions:vote',
    (draft) => {
      draft.put(keys.ballot('admission-xyz', CHAIR), draft.get(aBallot));
      draft.drop(aBallot);
    },
    'ballot',
  ],
  [
    'a ballot that gives itself another policy',
    'resolutions:vote',
    (draft) => draft.own(aBallot, new Uint8Array([8, 0])),
    'ballot-policy',
  ],
  [
    'a ballot that is emptied',
    'resolutions:vote#1',
    (draft) => draft.put(keys.ballot('admission-nrw', PROPOSER), {}),
    'ballot',
  ],
  [
    'a ballot that is deleted',
    'resolutions:vote#1',
    (draft) => draft.delete(keys.ballot('admission-nrw', PROPOSER)),
    'ballot',
  ],
  [
    'a vote that also decides',
    'resolutions:vote',
    (draft) => draft.put(keys.claim('applicant', NRW), { resolutionId: 'other-one' }),
    'claim',
  ],

  [
    'a roll without a member',
    'resolutions:open',
    (draft) => draft.edit(admission, ({ opening }) => opening.roll.pop()),
    'roll',
    'ballot',
  ],
  [
    'a roll with a double vote',
    'resolutions:open',
    (draft) => draft.edit(admission, ({ opening }) => opening.roll.forEach((voter) => (voter.votes = 2))),
    'roll',
  ],
  [
    'an easier rule',
    'resolutions:open',
    (draft) => draft.edit(admission, ({ opening }) => (opening.rule.majority = 'simple')),
    'resolution',
  ],
  [
    'a nearer deadline',
    'resolutions:open',
    (draft) => draft.edit(admission, ({ opening }) => (opening.deadline = opening.recorded.at)),
    'resolution',
  ],
  [
    'ballots with the policy of another',
    'resolutions:open',
    (draft) => draft.own(aBallot, new Uint8Array([8, 0])),
    'ballot-policy',
  ],
  [
    'a receipt that keeps the deadline although it came late',
    'resolutions:receive',
    (draft, run) => {
      const { deadline } = draft.get(receipt);
      later(1)(draft, run);
      draft.edit(receipt, (record) => (record.deadline = deadline));
    },
    'resolution',
  ],
  ['a receipt by an auditor', 'resolutions:receive', as(CHAIR, 'auditor'), 'act'],
  [
    'a receipt as of another time',
    'resolutions:receive',
    (draft) => draft.edit(receipt, ({ recorded }) => (recorded.at = new Date(0).toISOString())),
    'recorded',
  ],
  [
    'a receipt of what is not there',
    'resolutions:receive',
    (draft) => {
      draft.put(keys.openingReceipt('admission-xyz'), draft.get(receipt));
      draft.drop(receipt);
    },
    'asked',
    'resolution',
  ],
  ['a vote that claims nothing', 'resolutions:open', (draft) => draft.dropAll('claim'), 'claim'],
  [
    'an opening by a member without the board',
    'resolutions:open',
    as('municipal-provider-2', 'board'),
    'act',
    'recorded',
  ],
  [
    'a ballot that is there when voting opens',
    'resolutions:open',
    (draft) =>
      draft.put(aBallot, {
        choice: 'yes',
        memberId: CHAIR,
        at: new Date().toISOString(),
        transactionId: 'a'.repeat(64),
      }),
    'ballot',
  ],

  [
    'a rejection turned into an adoption',
    'resolutions:decide#1',
    (draft) =>
      draft.edit(keys.resolution('admission-bavaria'), ({ decision }) => (decision.outcome = 'adopted')),
    'outcome',
    'effect',
  ],
  [
    'a tally that is off',
    'resolutions:decide',
    (draft) => draft.edit(admission, ({ decision }) => (decision.tally.yes = 3)),
    'outcome',
  ],
  [
    'a ballot changed in the decision',
    'resolutions:decide',
    (draft) =>
      draft.edit(admission, ({ decision }) =>
        decision.ballots.forEach((ballot) => (ballot.choice = 'abstain')),
      ),
    'ballot',
  ],
  ['an adoption without its effect', 'resolutions:decide', (draft) => draft.drop(nrw), 'effect'],
  [
    'an effect recorded as failed',
    'resolutions:decide',
    (draft) =>
      draft.edit(keys.effect('admission-nrw', 0), (effect) => {
        effect.failed = 'not-an-applicant';
        Reflect.deleteProperty(effect, 'executed');
      }),
    'effect',
  ],
  [
    'an admission with other keys',
    'resolutions:decide',
    (draft) => draft.edit(nrw, (member) => (member.mspFingerprints.signing = ['c'.repeat(64)])),
    'membership',
  ],
  [
    'a decision that also changes a member',
    'resolutions:decide',
    (draft) => draft.put(keys.member(CHAIR), { ...draft.get(nrw), id: CHAIR }),
    'membership',
  ],
  ['an index that leaves the admitted out', 'resolutions:decide', (draft) => draft.dropAll('index'), 'index'],
  [
    'an admission without a resolution',
    'members:withdraw',
    (draft) =>
      draft.edit(nrw, (member) => {
        member.admission = {
          resolutionId: 'admission-nrw',
          decidedAt: draft.at.toISOString(),
          effectiveAt: draft.at.toISOString(),
          recorded: member.withdrawal,
        };
        Reflect.deleteProperty(member, 'withdrawal');
      }),
    'membership',
  ],
];

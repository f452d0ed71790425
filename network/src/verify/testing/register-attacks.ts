/** Attacks on foundation, bylaws, register and what follows a decision. */
import { FOUNDING_VERSION, keys } from 'umlauf-chaincode/api';
import { as, type Attack, type Change } from './attack.js';
import type { Draft } from './forge.js';
import type { TestRun } from './run.js';
import { CHAIR, NRW, PROPOSER } from './scenario.js';

const admission = keys.resolution('admission-nrw');
const nrw = keys.member(NRW);

export const REGISTER_ATTACKS: readonly Attack[] = [
  ['a foundation without the board of one founder', 'foundations:confirm', holdTooEarly, 'foundation'],
  [
    'a confirmation for another founder',
    'foundations:confirm',
    as(PROPOSER, 'board'),
    'foundation',
    'recorded',
  ],
  ['a foundation confirmed by a representative', 'foundations:confirm', as(CHAIR, 'representative'), 'act'],
  [
    'founders other than those submitted',
    'foundations:confirm#3',
    (draft) => draft.edit(keys.member(CHAIR), (member) => (member.legalName = 'Another body')),
    'membership',
  ],
  [
    'a founder represented otherwise than submitted',
    'foundations:confirm#3',
    representedOtherwise(CHAIR),
    'membership',
  ],
  [
    'a founder represented by nobody',
    'foundations:confirm#3',
    (draft) => draft.drop(keys.memberRepresentation(CHAIR)),
    'membership',
  ],
  [
    'bylaws other than those submitted',
    'foundations:confirm#3',
    (draft) => draft.edit(keys.bylawsVersion(FOUNDING_VERSION), ({ bylaws }) => (bylaws.actWithin = 'P1D')),
    'bylaws',
  ],

  [
    'bylaws that nobody adopted',
    'resolutions:register',
    (draft) =>
      draft.edit(
        keys.bylawsVersion('amendment-one'),
        ({ bylaws }) => (bylaws.matters.admission.majority = 'simple'),
      ),
    'bylaws',
  ],
  [
    'bylaws in force without registration',
    'resolutions:register',
    (draft) => draft.drop(keys.registration('amendment-one')),
    'bylaws',
    'effect',
  ],
  [
    'a second amendment of one base in force',
    'resolutions:register#1',
    (draft) => draft.put(keys.bylawsInForce, { version: 'amendment-two' }),
    'bylaws',
  ],
  [
    'a registration dated before the decision',
    'resolutions:register',
    (draft) => {
      draft.called.input.date = '2020-01-01';
      draft.edit(keys.registration('amendment-one'), (fact) => (fact.date = '2020-01-01'));
    },
    'resolution',
  ],

  ['a proposal by an auditor', 'resolutions:propose', as(PROPOSER, 'auditor'), 'act'],
  [
    'another proposal than was signed',
    'resolutions:propose',
    (draft) => draft.edit(admission, (record) => (record.motion = 'Something else.')),
    'resolution',
  ],
  [
    'a majority lower than the matter needs',
    'resolutions:propose',
    (draft) => {
      draft.called.input.majority = 'simple';
      draft.edit(admission, (record) => (record.majority = 'simple'));
    },
    'resolution',
  ],
  [
    'an application in another organization’s name',
    'members:apply',
    as('municipal-provider-1', 'board'),
    'membership',
  ],
  ['a joining before the organization is there', 'members:apply#1', joinTooEarly, 'membership'],
  [
    'a receipt that ends a membership earlier',
    'members:receive',
    (draft) =>
      draft.edit(keys.member('municipal-provider-1'), ({ resignation }) => {
        resignation.effectiveAt = '2020-12-31';
      }),
    'membership',
  ],
  ['a receipt of a resignation by an auditor', 'members:receive', as(CHAIR, 'auditor'), 'act'],
  ['a resignation by another member', 'members:resign', as(CHAIR, 'representative'), 'act'],
  [
    'a membership that ends earlier',
    'members:resign',
    (draft) =>
      draft.edit(
        keys.member('municipal-provider-1'),
        ({ resignation }) => (resignation.effectiveAt = '2020-12-31'),
      ),
    'membership',
  ],
  ['a representative changed by another board', 'members:change', as(CHAIR, 'board'), 'act'],
  [
    'a representative whom the board did not ask for',
    'members:change',
    representedOtherwise(NRW),
    'membership',
  ],
  [
    'a history of representatives that is rewritten',
    'members:change',
    (draft) => draft.edit(keys.memberRepresentation(NRW), (steps) => steps.shift()),
    'membership',
  ],
  [
    'a representative of another member',
    'members:change',
    (draft) => draft.put(keys.memberRepresentation(CHAIR), draft.get(keys.memberRepresentation(NRW))),
    'asked',
  ],
  [
    'a dispatch that the record leaves out',
    'resolutions:dispatch',
    (draft) => draft.dropAll('member'),
    'effect',
  ],
  [
    'a finding by a member without the board',
    'resolutions:finding',
    as('municipal-provider-1', 'board'),
    'act',
  ],
  [
    'a record that is none',
    'resolutions:finding',
    (draft) => draft.put(keys.finding('admission-nrw'), { date: 'today' }),
    'record',
  ],
  [
    'a record with a field of its own',
    'resolutions:finding',
    (draft) =>
      draft.put(keys.finding('admission-nrw'), { ...draft.get(keys.finding('admission-nrw')), note: 'x' }),
    'record',
  ],
  [
    'a fact recorded as of another time',
    'resolutions:finding',
    (draft) =>
      draft.edit(keys.finding('admission-nrw'), ({ recorded }) => (recorded.at = '2020-01-01T00:00:00.000Z')),
    'resolution',
  ],
  [
    'an act that tells something else',
    'resolutions:finding',
    (draft) => draft.tell({ date: '2020-01-01' }),
    'performed',
  ],
  [
    'a record with a policy of its own, that keeps others from writing it',
    'members:apply',
    (draft) => draft.own(nrw, new Uint8Array([8, 0])),
    'performed',
  ],
  [
    'an act that is recorded nowhere',
    'resolutions:finding',
    (draft) => draft.dropAll('finding'),
    'performed',
  ],
  [
    'a reading that writes',
    'resolutions:finding',
    (draft) => (draft.called.name = 'resolutions:get'),
    'performed',
  ],
  [
    'an act under the name of another',
    'resolutions:finding',
    (draft) => (draft.called.name = 'resolutions:dispatch'),
    'asked',
  ],
];

function holdTooEarly(draft: Draft, run: TestRun): void {
  const { mspId } = run.organization(CHAIR).member;
  const { foundation, recorded } = draft.get(keys.foundationConfirmation(mspId));
  draft.put(keys.heldFoundation, { id: foundation, recorded });
}

/** The last step says another office. */
function representedOtherwise(memberId: string): Change {
  return (draft) =>
    draft.edit(keys.memberRepresentation(memberId), (steps) => {
      const last = steps.pop();
      if (last) steps.push({ ...last, office: 'Other office' });
    });
}

function joinTooEarly(draft: Draft): void {
  draft.edit(nrw, (member) => (member.joined = member.application.recorded));
}

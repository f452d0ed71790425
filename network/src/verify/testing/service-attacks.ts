/** Attacks on what members declare of what they hold, and agree on: found by performing the act again alone. */
import { keys, type ServiceRecord } from 'umlauf-chaincode/api';
import { as, type Attack } from './attack.js';
import { CHAIR, NRW, PROPOSER, SERVICE } from './scenario.js';

const record = keys.held<ServiceRecord>('service', SERVICE, 0);
const side = (name: 'member' | 'holder') => keys.agreementSide('use', SERVICE, NRW, 'user', name, 0);
const ANYBODY = new Uint8Array([8, 0]);

export const SERVICE_ATTACKS: readonly Attack[] = [
  ['a service that anybody can write', 'services:offer', (draft) => draft.own(record, ANYBODY), 'performed'],
  [
    'a service offered through another member',
    'services:offer',
    (draft) =>
      draft.edit(keys.holding('service', SERVICE), ({ holders }) => {
        for (const holder of holders) holder.memberId = NRW;
      }),
    'performed',
  ],
  ['a service offered by an auditor', 'services:offer', as(PROPOSER, 'auditor'), 'performed'],
  ['a service that a list leaves out', 'services:offer', (draft) => draft.dropAll('index'), 'index'],
  ['a step declared by another member', 'services:advance', as(CHAIR, 'board'), 'performed'],
  [
    'a step other than was signed',
    'services:advance',
    (draft) => draft.edit(record, ({ stages }) => stages.forEach((stage) => (stage.status = 'available'))),
    'performed',
  ],
  [
    'a side that the other could write',
    'services:proposeUse',
    (draft) => draft.own(side('holder'), ANYBODY),
    'performed',
  ],
  [
    'one side’s agreement written as the other’s',
    'services:proposeUse',
    (draft) => draft.put(side('holder'), draft.get(side('member'))),
    'performed',
  ],
  [
    'a withdrawal that its users are not told of',
    'services:announceWithdrawal',
    (draft) => draft.tell({ users: [] }),
    'performed',
  ],
];

/** What a person should do something about, of a consortium that runs. */
import type { OpenPoint } from 'umlauf-chaincode/api';
import { bftQuorum } from 'umlauf-channel';
import type { NodeFact } from '../doctor/facts.js';
import { remedyOf } from '../doctor/open-point.js';
import type { ChaincodeInForce } from '../engine.js';

export interface Alarm {
  readonly kind: OpenPoint['kind'] | 'chaincode-not-approved' | 'orderers-too-few';
  readonly memberId?: string | undefined;
  readonly mspId?: string | undefined;
  readonly detail: string;
  /** The command that helps, where there is one. */
  readonly command?: string | undefined;
}

export interface AlarmFacts {
  /** Where register and network disagree. */
  readonly points: readonly OpenPoint[];
  readonly chaincode: ChaincodeInForce | undefined;
  /** The orderers on this machine, and how many there are with those elsewhere (default: as many as here). */
  readonly orderers: readonly NodeFact[];
  readonly consenters: number | undefined;
}

export function alarmsOf(facts: AlarmFacts): Alarm[] {
  return [...facts.points.map(pointAlarm), ...approvalAlarms(facts.chaincode), ...quorumAlarms(facts)];
}

/** In one line: whom it concerns, what it is, what to do. */
export function describeAlarm({ memberId, mspId, detail, command }: Alarm): string {
  const whom = memberId ?? mspId;
  return `${whom === undefined ? '' : `${whom}: `}${detail}${command === undefined ? '' : ` → ${command}`}`;
}

function pointAlarm({ kind, memberId, mspId, detail }: OpenPoint): Alarm {
  return { kind, memberId, mspId, detail, command: remedyOf({ kind, memberId }) };
}

/** An organization without approval endorses nothing. */
function approvalAlarms(chaincode: ChaincodeInForce | undefined): Alarm[] {
  const { name = '', unapproved = [] } = chaincode ?? {};
  return unapproved.map((mspId) => ({
    kind: 'chaincode-not-approved',
    mspId,
    detail: `has not approved ${name}: it endorses nothing.`,
    command: 'umlauf chaincode deploy',
  }));
}

/** With fewer orderers than a quorum of BFT nothing is written any more. Those elsewhere get the benefit of the doubt. */
function quorumAlarms({ orderers, consenters = orderers.length }: AlarmFacts): Alarm[] {
  const silent = orderers.filter(({ height }) => height === undefined).map(({ memberId }) => memberId);
  const answering = consenters - silent.length;
  const quorum = bftQuorum(consenters);
  if (silent.length === 0 || answering >= quorum) return [];
  return [
    {
      kind: 'orderers-too-few',
      detail:
        `nothing can be written: ${answering} of ${consenters} orderers answer, ${quorum} are needed; ` +
        `silent: ${silent.join(', ')}.`,
      command: 'umlauf logs orderer',
    },
  ];
}

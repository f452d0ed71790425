/** Whether a change of the channel's organizations may be made: pure functions over the configuration and the register. */
import type { Member, Resolution } from 'umlauf-chaincode/api';
import {
  objectionToIdentity,
  objectionToTls,
  rootFingerprints,
  type ChannelConfig,
  type OrderingOrganization,
  type OrganizationChange,
} from 'umlauf-channel';
import { UserError } from '../user-error.js';
import { coverOfAbsence, coverOfPresence } from './cover.js';
import { unmeetableKeys, type UnmeetableKey } from './unmeetable.js';

/** BFT needs 3f + 1 consenters to tolerate f faults: fewer than four tolerate none. */
const FEWEST_CONSENTERS = 4;

/** What a change is judged by. */
export interface Facts {
  /** The configuration in force. */
  readonly channel: ChannelConfig;
  /** Everybody of whom anything is recorded. */
  readonly members: readonly Member[];
  readonly resolutions: readonly Resolution[];
  readonly now: Date;
}

export interface CheckedChange {
  readonly change: OrganizationChange;
  /** Whose organization it is, if the register knows. */
  readonly member: Member | undefined;
  /** What covers it, in words. */
  readonly by: string;
  /** What nobody can write any more once it is in force. */
  readonly unmeetable: readonly UnmeetableKey[];
}

/**
 * @param force whether an organization may leave although an open vote counts on it
 * @throws NotCoveredError if the register doesn't cover it
 * @throws UserError if the channel or an open vote needs the organization
 */
export function checkChange(
  change: OrganizationChange,
  facts: Facts,
  { force }: { force: boolean },
): CheckedChange {
  const { channel, members, resolutions, now } = facts;
  const { mspId } = change;
  if (change.kind !== 'remove') {
    const fingerprints = rootFingerprints(change.organization);
    const cover = coverOfPresence(mspId, fingerprints, members, now);
    if (change.kind !== 'add') checkOrderer(change.organization, now);
    return { change, unmeetable: [], ...cover };
  }
  const cover = coverOfAbsence(mspId, members);
  checkConsenters(mspId, channel);
  if (!force) checkRolls(mspId, resolutions);
  const unmeetable = unmeetableKeys(mspId, new Set([...channel.organizations.keys(), mspId]), resolutions);
  return { change, unmeetable, ...cover };
}

/** Its certificates must be of its own authorities: the others' orderers let in whoever shows what they sign. */
function checkOrderer({ orderer, ...organization }: OrderingOrganization, now: Date): void {
  const { signingCertificate, serverTlsCertificate, clientTlsCertificate, host } = orderer;
  const objections = {
    signing: objectionToIdentity(organization, signingCertificate, 'orderer', now),
    'TLS server': objectionToTls(organization, serverTlsCertificate, [host], now),
    'TLS client': objectionToTls(organization, clientTlsCertificate, [], now),
  };
  for (const [name, objection] of Object.entries(objections))
    if (objection !== undefined)
      throw new UserError(`the ${name} certificate of the orderer of ${organization.mspId}: ${objection}`);
}

function checkConsenters(mspId: string, { consenters }: ChannelConfig): void {
  const left = consenters.filter((consenter) => consenter.mspId !== mspId).length;
  if (left < consenters.length && left < FEWEST_CONSENTERS)
    throw new UserError(
      `without ${mspId} only ${left} would order, and fewer than ${FEWEST_CONSENTERS} tolerate no fault: ` +
        'first give another member a place (org add MEMBER --orderer)',
    );
}

function checkRolls(mspId: string, resolutions: readonly Resolution[]): void {
  const counting = resolutions.filter(
    ({ status, opening }) => status === 'open' && opening?.roll.some((voter) => voter.mspId === mspId),
  );
  if (counting.length > 0)
    throw new UserError(
      `${mspId} is on the roll of open resolutions (${counting.map(({ id }) => id).join(', ')}): ` +
        'wait until they are decided, or insist with --force',
    );
}

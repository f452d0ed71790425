/** A change of the channel's organizations in plain words, from the change itself. */
import {
  bftQuorum,
  ChannelConfig,
  changedConfig,
  majorityOf,
  rootFingerprints,
  type OrdererPlace,
  type OrganizationChange,
  type SignatureState,
} from 'umlauf-channel';
import { expiryOf } from '../home/expiry.js';
import type { CheckedChange } from './check.js';
import type { UnmeetableKey } from './unmeetable.js';

/** What it does, what covers it, which keys it brings, what follows for policies and consenters. */
export function describeChange(checked: CheckedChange, channel: ChannelConfig): string[] {
  const { change, member, by, unmeetable } = checked;
  const { mspId } = change;
  const who = member ? `${mspId}, of ${member.id} (${member.legalName})` : mspId;
  const what = {
    add: `adds the organization ${who}`,
    'add-orderer': `gives the organization ${who}, a place among the consenters`,
    'renew-orderer': `has the channel know the orderer of ${who}, by other certificates`,
    remove: `takes the organization ${who}, off the channel`,
  }[change.kind];
  return [
    `Channel ${channel.channelId}, configuration ${channel.sequence}: ${what}.`,
    `Covered by ${by}.`,
    ...(change.kind === 'remove' ? [] : rootLines(rootFingerprints(change.organization))),
    ...(change.kind === 'add'
      ? [
          `Its peers: ${change.organization.peers.map(({ host, port }) => `${host}:${port}`).join(', ') || 'none'}.`,
        ]
      : []),
    ...(change.kind === 'remove' ? [] : ordererLines(change.organization)),
    ...(change.kind === 'renew-orderer' ? [] : policyLines(change, channel)),
    ...describeUnmeetable(unmeetable),
  ];
}

function ordererLines({ orderer }: { readonly orderer?: OrdererPlace | undefined }): string[] {
  if (!orderer) return [];
  const { host, port, signingCertificate, serverTlsCertificate } = orderer;
  const [first] = [signingCertificate, serverTlsCertificate].map((pem) => expiryOf(pem).toISOString()).sort();
  return [`Its orderer: ${host}:${port}; the first of its certificates expires on ${first?.slice(0, 10)}.`];
}

/** What a change of who belongs to the channel does to the policies that count organizations. */
function policyLines(change: OrganizationChange, channel: ChannelConfig): string[] {
  const after = ChannelConfig.fromConfig(changedConfig(channel.config, change), channel.channelId);
  return [
    `Ordinary transactions need the peers of ${endorsers(after)} members (now ${endorsers(channel)}); ` +
      'all policies that name the organizations are rewritten.',
    `Blocks need ${quorum(after)} consenters (now ${quorum(channel)}).`,
  ];
}

/** A line for each key that nobody can write any more. */
export function describeUnmeetable(keys: readonly UnmeetableKey[]): string[] {
  return keys.map(
    ({ key, memberId, resolutionId, open }) =>
      `Can never be written again: ${key}, the ballot of ${memberId} on ${resolutionId} ` +
      (open
        ? '(OPEN: this vote counts as not cast unless it was cast before).'
        : '(decided: nothing is lost).'),
  );
}

/** Who has signed, who may still sign, and which signatures count for nothing. */
export function describeSignatures({ members, orderers, enough, rejected }: SignatureState): string[] {
  const missing = [...new Set([...members.missing, ...orderers.missing])];
  return [
    `Signed by the administrators of ${members.signed.length} members (${members.needed} needed) and ` +
      `${orderers.signed.length} orderers (${orderers.needed} needed): ${members.signed.join(', ') || 'nobody'}.`,
    ...rejected.map(({ mspId, reason }) => `A signature of ${mspId} counts for nothing: it ${reason}.`),
    enough
      ? 'These are enough: umlauf org submit.'
      : `Still to sign, as many as are needed: ${missing.join(', ')}` +
        (orderers.signed.length < orderers.needed ? ` (that order: ${orderers.missing.join(', ')}).` : '.'),
  ];
}

function rootLines({ signing, tls }: { signing: readonly string[]; tls: readonly string[] }): string[] {
  return [
    ...signing.map((fingerprint) => `Signing root, as admitted: SHA-256 ${fingerprint}.`),
    ...tls.map((fingerprint) => `TLS root, as admitted: SHA-256 ${fingerprint}.`),
  ];
}

function endorsers({ organizations }: ChannelConfig): string {
  return `${majorityOf(organizations.size)} of ${organizations.size}`;
}

function quorum({ consenters }: ChannelConfig): string {
  return `${bftQuorum(consenters.length)} of ${consenters.length}`;
}

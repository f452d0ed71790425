/** Updates of the channel's configuration that members sign one by one, each on a machine of its own. */
import {
  changeInForce,
  configUpdateEnvelope,
  ConfigUpdateError,
  recognizeChange,
  signatureState,
  signConfigUpdate,
  type ChannelConfig,
} from 'umlauf-channel';
import { checkChange, type CheckedChange, type Facts } from '../channel-changes/check.js';
import { describeChange, describeSignatures, describeUnmeetable } from '../channel-changes/describe.js';
import { openSigningMember } from '../channel-changes/signing-member.js';
import { mergeUpdates, readUpdate, withSignature, writeUpdate } from '../channel-changes/update-file.js';
import { loadConsortium, membersHere } from '../consortium/load.js';
import { hasConsenterCertificates } from '../engines/channel-profile.js';
import { pathsIn } from '../home/home.js';
import { organizationFolder } from '../home/organizations.js';
import { unfinishedExchange } from '../home/renewal.js';
import { UserError } from '../user-error.js';
import { operate, type OperateOptions } from './operate.js';
import { consortiumFile } from './settle.js';

export interface SignOptions extends OperateOptions {
  readonly member: string;
  readonly consortium?: string;
  readonly force?: boolean;
}
export type SubmitOptions = SignOptions;

/** Shows what an update does, as its bytes, the member's own peer and its register tell, and signs it. */
export async function signUpdate(file: string, options: SignOptions): Promise<void> {
  const signed = readUpdate(file);
  const member = await openSigningMember(options.home, consortiumFile(options), options.member);
  try {
    const facts = await member.facts();
    const checked = check(file, signed.update, facts, options);
    tell(options, describeChange(checked, facts.channel));
    const updated = withSignature(signed, signConfigUpdate(signed.update, member.administrator()));
    writeUpdate(file, updated);
    const state = signatureState(facts.channel, updated.update, updated.signatures);
    tell(options, [`✓ signed by the administrator of ${options.member}`, ...describeSignatures(state)]);
    if (options.json === true) print({ file, ...summaryOf(checked, facts.channel), signatures: state });
  } finally {
    member.close();
  }
}

/** Sends an update that enough members have signed. */
export async function submitUpdate(files: readonly string[], options: SubmitOptions): Promise<void> {
  const { update, signatures } = mergeUpdates(files);
  const member = await openSigningMember(options.home, consortiumFile(options), options.member);
  try {
    const facts = await member.facts();
    if (await finishInForce(update, facts, options)) return;
    const checked = check(files.join(', '), update, facts, options);
    tell(options, describeChange(checked, facts.channel));
    const state = signatureState(facts.channel, update, signatures);
    const words = describeSignatures(state);
    if (!state.enough) throw new UserError(`not enough have signed. ${words.join(' ')}`);
    tell(options, words.slice(0, -1));
    const envelope = configUpdateEnvelope(update, signatures, member.administrator());
    const result = await operate(options, 'org-submit', {
      envelope: Buffer.from(envelope.serializeBinary()).toString('base64'),
      force: options.force ?? false,
    });
    tell(options, afterwards(result, checked));
    if (options.json === true) print(result);
  } finally {
    member.close();
  }
}

/**
 * Where an update is in force already, does what its member's part on this machine may still lack.
 * @returns whether it is
 */
async function finishInForce(update: Uint8Array, facts: Facts, options: SubmitOptions): Promise<boolean> {
  const change = changeInForce(facts.channel, update);
  if (!change) return false;
  const { kind, mspId } = change;
  const here = new Set(membersHere(loadConsortium(consortiumFile(options))).map(({ id }) => id));
  if (kind === 'renew-orderer') return finishRenewal(here, facts, options);
  const parts = facts.members.filter(
    (member) =>
      here.has(member.id) &&
      (kind === 'remove'
        ? member.status === 'former' && !facts.channel.organizations.has(member.mspId)
        : member.mspId === mspId),
  );
  for (const { id } of parts)
    if (kind === 'remove') await operate(options, 'org-remove', { member: id, force: true });
    else await operate(options, 'org-add', { member: id, orderer: kind === 'add-orderer' });
  tell(options, ['The update is in force already.']);
  if (options.json === true) print({ already: true, kind, mspId });
  return true;
}

/** Changes members here over to certificates by which the channel knows their orderers already. */
async function finishRenewal(
  here: ReadonlySet<string>,
  { channel }: Facts,
  options: SubmitOptions,
): Promise<true> {
  const home = pathsIn(options.home);
  for (const id of here) {
    const next = await unfinishedExchange(organizationFolder(home, id));
    if (next && hasConsenterCertificates(channel, next)) await operate(options, 'cert-renew', { member: id });
  }
  tell(options, ['The update is in force already.']);
  if (options.json === true) print({ already: true, kind: 'renew-orderer' });
  return true;
}

/** @throws UserError naming the file, if it is stale, does anything else, or the register doesn't cover it */
function check(
  file: string,
  update: Uint8Array,
  facts: Facts,
  { member, force = false }: SignOptions,
): CheckedChange {
  try {
    const change = recognizeChange(facts.channel, update);
    return checkChange(change, facts, { force });
  } catch (error) {
    if (error instanceof ConfigUpdateError)
      throw new UserError(
        `${file}: ${error.message}, as the peer of ${member} has it; nothing was signed or sent`,
      );
    if (error instanceof UserError) throw new UserError(`${file}: ${error.message}`);
    throw error;
  }
}

function afterwards(
  { kind, mspId, sequence, here }: { kind: string; mspId: string; sequence: number; here: boolean },
  { member, unmeetable }: CheckedChange,
): string[] {
  const id = member?.id ?? mspId;
  const rest: Record<string, string> = {
    add: `${id} now starts its peer, approves the chaincode and confirms, on its machine: umlauf up`,
    'add-orderer': `${id} now finishes on its machine: umlauf org add ${id} --orderer`,
    'renew-orderer': `${id} now changes over on its machine: umlauf cert renew ${id}`,
    remove: `${id} now stops what it runs, on its machine: umlauf org remove ${id}`,
  };
  return [
    `Configuration ${sequence} is in force.`,
    ...(here ? [`The part of ${id} on this machine has followed.`] : [rest[kind] ?? '']),
    ...describeUnmeetable(unmeetable),
  ];
}

function summaryOf(checked: CheckedChange, channel: ChannelConfig): object {
  const { kind, mspId } = checked.change;
  return { kind, mspId, by: checked.by, summary: describeChange(checked, channel) };
}

function tell({ json }: OperateOptions, lines: readonly string[]): void {
  if (json !== true) process.stdout.write(`${lines.join('\n')}\n`);
}

function print(result: object): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** Changes of the network by whoever plays all members on this machine, and the updates that others are to sign. */
import type { OrganizationChange } from 'umlauf-channel';
import { describeUnmeetable } from '../channel-changes/describe.js';
import { writeUpdate } from '../channel-changes/update-file.js';
import { checkFolderOf } from '../home/exchanged-file.js';
import { operate, type OperateOptions } from './operate.js';

export interface AddOptions extends OperateOptions {
  readonly orderer?: boolean;
  readonly out?: string;
}

export interface RemoveOptions extends OperateOptions {
  readonly force?: boolean;
  readonly out?: string;
}

/** Brings an admitted member's organization onto the running network. */
export async function addOrganization(member: string, options: AddOptions): Promise<void> {
  const { orderer = false, out } = options;
  if (out !== undefined) return prepareUpdate(orderer ? 'add-orderer' : 'add', member, out, options);
  const result = await operate(options, 'org-add', { member, orderer });
  const { joined, becomesOrderer, mspId, members, consenters, url } = result;
  report(options, result, [
    joined
      ? `${member} is on the network: its organization ${mspId} is one of ${members}; its gateway: ${url}`
      : `${member} has joined already: ${url}`,
    ...(becomesOrderer ? [`${mspId} is one of ${consenters} that order.`] : []),
    ...(orderer && !becomesOrderer ? [`${mspId} orders already.`] : []),
  ]);
}

/** Takes a former member's organization off the running network. */
export async function removeOrganization(member: string, options: RemoveOptions): Promise<void> {
  const { force = false, out } = options;
  if (out !== undefined) return prepareUpdate('remove', member, out, options);
  const result = await operate(options, 'org-remove', { member, force });
  const { mspId, removed, by, unmeetable } = result;
  report(options, result, [
    removed
      ? `${mspId}, of ${member}, is off the channel; covered by ${by}. Its history stays.`
      : `${mspId}, of ${member}, was off the channel already.`,
    ...describeUnmeetable(unmeetable),
  ]);
}

/** Writes an update into a file, for the others to sign. */
export async function prepareUpdate(
  kind: OrganizationChange['kind'],
  member: string,
  file: string,
  options: OperateOptions & { readonly force?: boolean },
): Promise<void> {
  const { force = false } = options;
  checkFolderOf(file);
  const { channel, summary, update } = await operate(options, 'org-prepare', { kind, member, force });
  writeUpdate(file, { channel, summary, update: Buffer.from(update, 'base64'), signatures: [] });
  report(options, { file, channel, summary }, [
    ...summary,
    `Written to ${file}. Each member checks and signs it: umlauf org sign ${file} --member ID`,
  ]);
}

function report({ json }: OperateOptions, result: object, lines: readonly string[]): void {
  process.stdout.write(json === true ? `${JSON.stringify(result)}\n` : `${lines.join('\n')}\n`);
}

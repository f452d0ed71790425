import { operate, type OperateOptions } from './operate.js';

export interface AddOptions extends OperateOptions {
  readonly orderer?: boolean;
}

/** Brings an admitted member's organization onto the running network. */
export async function addOrganization(member: string, options: AddOptions): Promise<void> {
  const result = await operate(options, 'org-add', { member, orderer: options.orderer ?? false });
  const { joined, becomesOrderer, mspId, members, consenters, url } = result;
  const done = [
    joined
      ? `${member} is on the network: its organization ${mspId} is one of ${members}; its gateway: ${url}`
      : `${member} has joined already: ${url}`,
    ...(becomesOrderer ? [`${mspId} is one of ${consenters} that order.`] : []),
    ...(options.orderer === true && !becomesOrderer ? [`${mspId} orders already.`] : []),
  ];
  process.stdout.write(options.json === true ? `${JSON.stringify(result)}\n` : `${done.join('\n')}\n`);
}

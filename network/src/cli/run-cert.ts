import { operate, type OperateOptions } from './operate.js';
import { prepareUpdate } from './run-org.js';

export interface RenewOptions extends OperateOptions {
  readonly out?: string;
}

/** Renews a member's certificates in the running network, or has the others sign what they will have to know of them. */
export async function renewCertificates(member: string, options: RenewOptions): Promise<void> {
  if (options.out !== undefined) return prepareUpdate('renew-orderer', member, options.out, options);
  const result = await operate(options, 'cert-renew', { member });
  const { before, firstExpiry } = result;
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(result)}\n`
      : `${member} has new certificates: the first expires on ${firstExpiry.slice(0, 10)}, before it was ${before.slice(0, 10)}.\n`,
  );
}

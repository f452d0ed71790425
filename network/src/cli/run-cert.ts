import { operate, type OperateOptions } from './operate.js';

/** Renews a member's certificates in the running network. */
export async function renewCertificates(member: string, options: OperateOptions): Promise<void> {
  const result = await operate(options, 'cert-renew', { member });
  const { before, firstExpiry } = result;
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(result)}\n`
      : `${member} has new certificates: the first expires on ${firstExpiry.slice(0, 10)}, before it was ${before.slice(0, 10)}.\n`,
  );
}

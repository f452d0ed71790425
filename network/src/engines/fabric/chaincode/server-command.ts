import { parseArgs } from 'node:util';
import { readChaincode } from '../../chaincode/code.js';

/** What a chaincode service is started with; all are required. */
export interface ServerOptions {
  /** Folder of the code. */
  readonly code: string;
  /** What the code must hash to. */
  readonly label: string;
  readonly packageId: string;
  /** `unix:<path>` or `<host>:<port>` */
  readonly address: string;
  /** File, PEM. */
  readonly tlsCertificate: string;
  /** File, PEM. */
  readonly tlsKey: string;
}

const FLAGS: Readonly<Record<keyof ServerOptions, string>> = {
  code: 'code',
  label: 'label',
  packageId: 'package-id',
  address: 'address',
  tlsCertificate: 'tls-certificate',
  tlsKey: 'tls-key',
};

/** A chaincode service must not be started as asked. */
export class ChaincodeServerError extends Error {
  override readonly name = 'ChaincodeServerError';
}

/** The options as arguments of a command line. */
export function formatServerOptions(options: ServerOptions): string[] {
  const names = Object.keys(FLAGS) as (keyof ServerOptions)[];
  return names.flatMap((name) => [`--${FLAGS[name]}`, options[name]]);
}

/**
 * Reads what `formatServerOptions` wrote.
 * @throws ChaincodeServerError if something is missing
 */
export function parseServerOptions(args: readonly string[]): ServerOptions {
  const options = Object.fromEntries(Object.values(FLAGS).map((flag) => [flag, { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...args], options });
  const entries = Object.entries(FLAGS).map(([name, flag]) => [name, values[flag]] as const);
  const missing = entries.filter(([, value]) => typeof value !== 'string').map(([name]) => name);
  if (missing.length > 0) throw new ChaincodeServerError(`missing: ${missing.join(', ')}`);
  return Object.fromEntries(entries) as unknown as ServerOptions;
}

/**
 * Makes sure that code is what its label says.
 * @throws ChaincodeServerError if it isn't
 */
export function checkLabel({ code, label }: Pick<ServerOptions, 'code' | 'label'>): void {
  const found = readChaincode(code).label;
  if (found !== label)
    throw new ChaincodeServerError(
      `the code in ${code} is ${found}, but ${label} was approved: it is not started`,
    );
}

/** The socket file of an address that is one. */
export function socketFile(address: string): string | undefined {
  return address.startsWith('unix:') ? address.slice('unix:'.length) : undefined;
}

/** The arguments of `fabric-chaincode-node` that serve the code. */
export function shimArguments(options: ServerOptions): string[] {
  return [
    'server',
    ...['--chaincode-address', options.address],
    ...['--chaincode-id', options.packageId],
    ...['--chaincode-tls-cert-file', options.tlsCertificate],
    ...['--chaincode-tls-key-file', options.tlsKey],
    ...['--module-path', options.code],
  ];
}

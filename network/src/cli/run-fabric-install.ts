import { installFabric } from '../engines/fabric/install/install.js';
import { progressLine } from './progress-line.js';

export interface FabricInstallOptions {
  readonly from?: string;
  readonly sha256?: string;
  readonly json?: boolean;
}

const MEGABYTE = 1024 * 1024;

/** Installs Fabric and says which way it went. */
export async function fabricInstall({ from, sha256, json = false }: FabricInstallOptions): Promise<void> {
  const line = progressLine(!json);
  const say = (text: string) => {
    line.clear();
    if (!json) process.stdout.write(`${text}\n`);
  };
  const megabytes = (bytes: number) => `${Math.round(bytes / MEGABYTE)} MB`;
  const { version, folder, source, objections } = await installFabric({
    from,
    sha256,
    step: (text) => say(`✓ ${text}`),
    progress: (bytes, total) =>
      line.show(`${megabytes(bytes)}${total === undefined ? '' : ` of ${megabytes(total)}`}`),
  });
  for (const objection of objections) say(`· not from ${objection}`);
  say(
    source === undefined
      ? `Hyperledger Fabric ${version} is in ${folder} already.`
      : `Hyperledger Fabric ${version} is in ${folder}, from ${source}.`,
  );
  if (json)
    process.stdout.write(
      `${JSON.stringify({ version, folder, ...(source === undefined ? {} : { source }), objections })}\n`,
    );
}

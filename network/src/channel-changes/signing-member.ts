/** One member that is asked to sign: its own key, its own peer's view of the channel, its own gateway's of the register. */
import { join } from 'node:path';
import { createSigner, readOrganization, type Signer } from 'umlauf-channel';
import { loadConsortium } from '../consortium/load.js';
import { Register } from '../consortium/register.js';
import { EndorserClient } from '../engines/fabric/client/endorser-client.js';
import { channelConfig } from '../engines/fabric/client/system-chaincodes.js';
import { endpointsOf } from '../home/running.js';
import { UserError } from '../user-error.js';
import { findSource } from '../verify/export.js';
import type { Facts } from './check.js';

export interface SigningMember {
  /** As its own peer and gateway tell. */
  facts(): Promise<Facts>;
  /** Its administrator. */
  administrator(): Signer;
  close(): void;
}

/**
 * @param directory the home
 * @param consortiumFile where its members and the channel are listed
 * @throws UserError if the member runs nothing there
 */
export async function openSigningMember(
  directory: string,
  consortiumFile: string,
  memberId: string,
): Promise<SigningMember> {
  const description = loadConsortium(consortiumFile);
  const { address, signer } = await findSource(directory, { description, file: consortiumFile }, memberId);
  const gateway = endpointsOf(directory)?.find((each) => each.memberId === memberId);
  if (!gateway) throw new UserError(`${memberId} has no gateway in ${directory}`);
  const { admin, mspId } = await readOrganization(join(directory, 'organizations', memberId));
  const endorser = new EndorserClient(address, signer);
  const register = new Register(() => [gateway]);
  return {
    async facts() {
      const [channel, members, resolutions] = await Promise.all([
        channelConfig(endorser, description.channel),
        register.members(),
        register.resolutions(),
      ]);
      return { channel, members, resolutions, now: new Date() };
    },
    administrator: () => createSigner(admin, mspId),
    close: () => endorser.close(),
  };
}

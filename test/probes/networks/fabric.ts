import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeOrganization } from 'umlauf-channel';
import { fabricEngine, loadConsortium, openHome, openPorts } from 'umlauf-network';
import { shippedFile } from '../../harness/consortium.js';
import {
  CHAINCODE,
  CHAINCODE_FOLDER,
  CHANNEL,
  mspIdOf,
  organization,
  organizationName,
  ORGANIZATIONS,
} from './network.js';
import type { ProbeNetwork } from './network.js';

/**
 * Real Fabric with four BFT orderers, in a temporary folder.
 * @throws UserError if Fabric isn't on this machine
 */
export async function startFabric(): Promise<ProbeNetwork> {
  const directory = mkdtempSync(join(tmpdir(), 'umlauf-probes-'));
  const home = openHome(directory, { engine: 'fabric' });
  const clean = () => {
    home.close();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const members = await Promise.all(ORGANIZATIONS.map(organization));
    const listed = ORGANIZATIONS.map((number) => ({
      id: organizationName(number),
      legalName: `Organization ${number}`,
      levels: ['state' as const],
      category: 'state' as const,
      office: 'CIO',
      mspId: mspIdOf(number),
      start: 'founding' as const,
      host: 'localhost',
      listen: '127.0.0.1',
      ports: {},
    }));
    await Promise.all(
      members.map((material, index) =>
        writeOrganization(home.path('organizations', listed[index]!.id), material),
      ),
    );
    const { bylaws, name } = loadConsortium(shippedFile('consortium.yaml'));
    const { engine } = await fabricEngine({ chaincodeFolder: CHAINCODE_FOLDER })({
      home,
      ports: openPorts(home),
      description: {
        name,
        channel: CHANNEL,
        chaincode: CHAINCODE,
        members: listed,
        // Fabric's own window for timestamps, which the engine takes from here.
        bylaws: { ...bylaws, skew: 'PT15M' },
      },
      organizations: members.map((material, index) => ({ member: listed[index]!, material })),
      step: () => undefined,
      waits: () => undefined,
      alarm: () => undefined,
    });
    await engine.settled().catch(async (error: unknown) => {
      await engine.stop();
      throw error;
    });
    return {
      members,
      isOneLedger: false,
      endpoint(mspId) {
        const peer = engine.peer(mspId);
        if (!peer) throw new Error(`${mspId} has no peer`);
        return peer.endpoint;
      },
      async stop() {
        await engine.stop();
        clean();
      },
    };
  } catch (error) {
    clean();
    throw error;
  }
}

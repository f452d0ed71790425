/** A resolution from its proposal to its decision, through every member's gateway. */
import type { Resolution } from 'umlauf-chaincode/api';
import { call } from 'umlauf-network';
import { recordOnly, type TestConsortium } from './consortium.js';

/** Proposes, opens and has everybody vote; the gateways decide. */
export async function adopt(consortium: TestConsortium, id: string): Promise<void> {
  const chair = consortium.gateway('bundesdruckerei');
  await call(chair, 'board', 'POST', '/resolutions', { body: recordOnly(id, { majority: 'unanimous' }) });
  const { blockNumber } = await call<Resolution>(chair, 'board', 'POST', `/resolutions/${id}/open`);
  for (const gateway of consortium.gateways)
    await call(gateway, 'representative', 'PUT', `/resolutions/${id}/ballot`, {
      body: { choice: 'yes' },
      minBlock: blockNumber,
    });
}

import type { Member } from 'umlauf-chaincode/api';
import { call, type GatewayAccess } from 'umlauf-network';

export interface Load {
  /** Ends it; answers how many requests succeeded, and every failure. */
  stop(): Promise<{ readonly succeeded: number; readonly failures: readonly string[] }>;
}

/** Every member goes on writing and reading its own record through its own gateway, one request after the other. */
export function startLoad(gateways: () => readonly GatewayAccess[]): Load {
  const failures: string[] = [];
  let succeeded = 0;
  let ended = false;
  const client = async (gateway: GatewayAccess): Promise<void> => {
    const path = `/members/${gateway.memberId}`;
    const ask = async (what: string, request: () => Promise<unknown>) => {
      try {
        await request();
        succeeded += 1;
      } catch (error) {
        failures.push(`${gateway.memberId} ${what}: ${(error as Error).message}`);
      }
    };
    for (let round = 0; !ended; round += 1) {
      const operator = `Betrieb ${round}`;
      await ask('write', () => call<Member>(gateway, 'board', 'PATCH', path, { body: { operator } }));
      await ask('read', () => call<Member>(gateway, 'auditor', 'GET', path));
    }
  };
  const clients = gateways().map(client);
  return {
    async stop() {
      ended = true;
      await Promise.all(clients);
      return { succeeded, failures };
    },
  };
}

/** All members see the same: register, resolutions, ledger; and the ledger holds without any of them. */
import { join } from 'node:path';
import type { Member, Resolution } from 'umlauf-chaincode/api';
import { readOrganization } from 'umlauf-channel';
import { all, loadConsortium, type GatewayAccess } from 'umlauf-network';
import { expect } from 'vitest';
import { shippedFile } from '../harness/consortium.js';
import { ledgerEnd, type LedgerEnd } from '../harness/ledger.js';
import { until } from '../harness/until.js';
import { command, type Home } from '../harness/home.js';

const RECOVERY_MS = 90_000;

interface State {
  readonly memberId: string;
  readonly ready: boolean;
  readonly missing: readonly string[];
  readonly height?: number;
}

/**
 * Waits until every gateway is ready and no member lags behind; then compares what each of them has, and verifies the
 * blocks of one of them offline.
 * @param witness whose blocks
 */
export async function expectAgreement(home: Home, witness: string): Promise<void> {
  await settled(home);
  const { views, ends, file } = await until(
    'a moment without a new block', // the gateways' own duties may bring one at any time
    async () => {
      const views = await Promise.all(home.gateways().map(viewOf));
      const ends = await Promise.all(home.gateways().map(({ memberId }) => endOf(home, memberId)));
      const file = await exported(home, witness);
      const heights = (await states(home)).map(({ height }) => height);
      return heights.every((height) => height === ends[0]?.height) ? { views, ends, file } : undefined;
    },
    { timeoutMilliseconds: RECOVERY_MS, pauseMilliseconds: 200 },
  );
  for (const view of views) expect(view).toEqual(views[0]);
  for (const end of ends) expect(end).toEqual(ends[0]);
  await verifiedOffline(file, ends[0]);
}

async function settled(home: Home): Promise<void> {
  let latest: State[] = [];
  await until(
    'every gateway is ready, all at one height',
    async () => {
      latest = await states(home);
      return latest.every(({ ready, height }) => ready && height === latest[0]?.height);
    },
    { timeoutMilliseconds: RECOVERY_MS, pauseMilliseconds: 200 },
  ).catch((error: unknown) => {
    throw new Error(`${(error as Error).message}: ${JSON.stringify(latest)}`, { cause: error });
  });
}

function states(home: Home): Promise<State[]> {
  return Promise.all(
    home.gateways().map(async ({ memberId, url }) => {
      try {
        const answer = await fetch(`${url}/api/v1/health/ready`);
        const { missing, height } = (await answer.json()) as { missing: string[]; height?: number };
        return { memberId, ready: answer.ok, missing, ...(height === undefined ? {} : { height }) };
      } catch {
        return { memberId, ready: false, missing: ['gateway'] };
      }
    }),
  );
}

async function viewOf(gateway: GatewayAccess) {
  return {
    members: await all<Member>(gateway, 'auditor', '/members'),
    resolutions: await all<Resolution>(gateway, 'auditor', '/resolutions'),
  };
}

/** Where a member's ledger ends, as its peer tells. */
async function endOf(home: Home, memberId: string): Promise<LedgerEnd> {
  const { directory } = home;
  const { tlsCa } = await readOrganization(join(directory, 'organizations', memberId));
  const peer = {
    endpoint: `localhost:${home.port(memberId, 'peer')}`,
    tlsRootCertificates: tlsCa.certificate,
  };
  const description = loadConsortium(shippedFile('consortium.yaml'));
  return ledgerEnd({ directory, description, gateway: (id) => home.gateway(id), peer: () => peer }, memberId);
}

/** The file with the blocks that a member's peer has. */
async function exported(home: Home, memberId: string): Promise<string> {
  const file = join(home.directory, `${memberId}.blocks`);
  await home.run('ledger', 'export', '--member', memberId, '--out', file);
  return file;
}

/** @throws Error if the blocks in a file don't hold, or end elsewhere */
async function verifiedOffline(file: string, end: LedgerEnd | undefined): Promise<void> {
  await command('verify', file, '--height', String(end?.height), '--last', end?.last ?? '', '--json');
}

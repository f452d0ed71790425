/** What the general assembly of a home adopts, every member saying yes. */
import type { Ballot, Proposal, Resolution } from 'umlauf-chaincode/api';
import { call } from 'umlauf-network';
import { recordOnly } from './consortium.js';
import type { Home } from './home.js';
import { until } from './until.js';

export const BOARD = 'itdz-berlin';

/** Has everybody on the network say yes; returns when it is adopted. */
export async function adopt(
  home: Home,
  proposal: Partial<Proposal> & { readonly id: string },
): Promise<void> {
  const board = home.gateway(BOARD);
  const { id } = proposal;
  await call(board, 'board', 'POST', '/resolutions', { body: recordOnly(id, proposal) });
  const { blockNumber } = await call(board, 'board', 'POST', `/resolutions/${id}/open`);
  await Promise.all(
    home.gateways().map((gateway) =>
      call<Ballot>(gateway, 'representative', 'PUT', `/resolutions/${id}/ballot`, {
        body: { choice: 'yes' },
        minBlock: blockNumber,
      }),
    ),
  );
  await until(`${id} is adopted`, async () => {
    const { body } = await call<Resolution>(board, 'auditor', 'GET', `/resolutions/${id}`);
    return body.status === 'adopted';
  });
}

/** Has a listed applicant apply, and admits it. */
export async function admit(home: Home, memberId: string): Promise<void> {
  await call(home.gateway(BOARD), 'board', 'POST', '/members', { body: home.application(memberId) });
  await adopt(home, {
    id: `admission-${memberId}`,
    matter: 'admission',
    effects: [{ kind: 'admit', memberId }],
  });
}

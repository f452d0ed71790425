/** What the general assembly of a home adopts, every member saying yes. */
import type { Ballot, Bylaws, Member, Proposal, Resolution } from 'umlauf-chaincode/api';
import { call } from 'umlauf-network';
import { recordOnly } from './consortium.js';
import { dayOver, today } from './ending.js';
import type { Home } from './home.js';
import { until } from './until.js';

export const BOARD = 'itdz-berlin';

/** Where the members are found, on one machine or on many. */
export type Assembly = Pick<Home, 'gateways' | 'gateway' | 'application'>;

/** Has everybody on the network say yes; returns when it is adopted. */
export async function adopt(
  home: Assembly,
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
export async function admit(home: Assembly, memberId: string): Promise<void> {
  await call(home.gateway(BOARD), 'board', 'POST', '/members', { body: home.application(memberId) });
  await adopt(home, {
    id: `admission-${memberId}`,
    matter: 'admission',
    effects: [{ kind: 'admit', memberId }],
  });
}

/**
 * Excludes a member whose membership has ended when this returns.
 * @param bylaws in force, made by `endingToday`
 */
export async function becomeFormer(home: Assembly, memberId: string, bylaws: Bylaws): Promise<void> {
  const hearing = { name: 'Anhörung.pdf', mediaType: 'application/pdf', sha256: 'a'.repeat(64) } as const;
  const reason = 'It breached its duties.';
  await adopt(home, {
    id: 'exclusion',
    matter: 'exclusion',
    effects: [{ kind: 'exclude', memberId, reason, hearing }],
  });
  await adopt(home, {
    id: 'other-zone',
    matter: 'bylaws-amendment',
    effects: [{ kind: 'amend-bylaws', base: 'foundation', bylaws: dayOver(bylaws) }],
  });
  const board = home.gateway(BOARD);
  await call(board, 'board', 'POST', '/resolutions/other-zone/registration', { body: { date: today() } });
  await until(`${memberId} is a former member`, async () => {
    await call(board, 'board', 'POST', `/members/${memberId}/end`).catch(() => undefined); // or a gateway is faster
    const { body } = await call<Member>(board, 'auditor', 'GET', `/members/${memberId}`);
    return body.status === 'former';
  });
}

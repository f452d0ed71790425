import type { Ballot, Resolution } from 'umlauf-chaincode/api';
import { call } from 'umlauf-network';
import { until } from './until.js';
import type { Home } from './home.js';

const BOARD = 'itdz-berlin';

/** Has a listed applicant apply and every member say yes; returns when the admission is adopted. */
export async function admit(home: Home, memberId: string): Promise<void> {
  const board = home.gateway(BOARD);
  const id = `admission-${memberId}`;
  await call(board, 'board', 'POST', '/members', { body: home.application(memberId) });
  await call(board, 'board', 'POST', '/resolutions', {
    body: {
      id,
      title: `Admission of ${memberId}`,
      motion: 'The general assembly admits the applicant.',
      matter: 'admission',
      form: 'circular',
      procedureBasis: 'bylaws-clause',
      votingPeriod: 'P7D',
      effects: [{ kind: 'admit', memberId }],
    },
  });
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

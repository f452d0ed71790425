import type { Foundation, FoundationInput } from 'umlauf-chaincode/api';
import { all, call } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordOnly, startConsortium, type TestConsortium } from '../harness/consortium.js';

let consortium: TestConsortium;
function unfounded(): void {
  beforeAll(async () => (consortium = await startConsortium({ unfounded: true })));
  afterAll(async () => await consortium.stop());
}

async function foundation(changes: Partial<FoundationInput['bylaws']> = {}): Promise<FoundationInput> {
  return { members: await consortium.founders(), bylaws: { ...consortium.description.bylaws, ...changes } };
}

const submit = async (memberId: string, body: FoundationInput) =>
  (await call<Foundation>(consortium.gateway(memberId), 'board', 'POST', '/foundations', { body })).body;

const confirm = async (memberId: string, id: string) =>
  (await call<Foundation>(consortium.gateway(memberId), 'board', 'POST', `/foundations/${id}/confirm`)).body;

const problem = (code: string) => ({ problem: { type: `urn:umlauf:problem:${code}` } });

describe('a foundation', () => {
  unfounded();

  it('that names other organizations than the channel has is refused', async () => {
    const { members, bylaws } = await foundation();
    const stranger = { ...members[3]!, mspId: 'StrangerMSP' };
    await expect(
      submit('itdz-berlin', { members: [...members.slice(0, 3), stranger], bylaws }),
    ).rejects.toMatchObject(problem('founders-mismatch'));
    await expect(submit('itdz-berlin', { members: members.slice(0, 3), bylaws })).rejects.toMatchObject(
      problem('invalid-input'),
    );
  });

  it('is confirmed by the board, and by nobody else', async () => {
    const { id } = await submit('itdz-berlin', await foundation());
    await expect(
      call(consortium.gateway('itdz-berlin'), 'representative', 'POST', `/foundations/${id}/confirm`),
    ).rejects.toMatchObject(problem('role-not-allowed'));
  });

  it('holds once every founder has confirmed it, and not before', async () => {
    const { id } = await submit('itdz-berlin', await foundation());
    for (const { memberId } of consortium.gateways.slice(0, 3))
      expect((await confirm(memberId, id)).status).toBe('submitted');
    await expect(
      call(consortium.gateways[0]!, 'board', 'POST', '/resolutions', { body: recordOnly('too-early') }),
    ).rejects.toMatchObject(problem('not-founded'));
    expect((await confirm(consortium.gateways[3]!.memberId, id)).status).toBe('held');
    await call(consortium.gateways[0]!, 'board', 'POST', '/resolutions', { body: recordOnly('in-time') });
  });
});

describe('a foundation', () => {
  unfounded();

  it('and its rival do not block each other: a founder may move its confirmation', async () => {
    const [a, b, c, d] = consortium.gateways.map(({ memberId }) => memberId) as [
      string,
      string,
      string,
      string,
    ];
    const first = await submit(a, await foundation());
    const rival = await submit(b, await foundation({ financialYearEnd: '06-30' }));
    await confirm(a, first.id);
    await confirm(c, first.id);
    await confirm(b, rival.id);
    expect((await confirm(d, rival.id)).status).toBe('submitted');
    await confirm(b, first.id);
    expect((await confirm(d, first.id)).status).toBe('held');
    await expect(confirm(a, rival.id)).rejects.toMatchObject(problem('already-founded'));
    const foundations = await all<Foundation>(consortium.gateway(a), 'auditor', '/foundations');
    expect(foundations.find(({ id }) => id === rival.id)?.status).toBe('superseded');
  });
});

import { status } from '@grpc/grpc-js';
import { CommitError, GatewayError } from '@hyperledger/fabric-gateway';
import { peer } from '@hyperledger/fabric-protos';
import type { Resolution } from 'umlauf-chaincode/api';
import { call, type GatewayAccess } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareClient, type BareClient } from '../harness/client.js';
import { recordOnly, startConsortium, type TestConsortium } from '../harness/consortium.js';
import { until } from '../harness/until.js';
import { missingFabric } from './binaries.js';
import { serveModified, type ModifiedService } from './modified-service.js';

const ATTACKER = 'itdz-berlin';
const CHAIR = 'bundesdruckerei';
const RECOVERY_MS = 60_000;

/** Adopts what nobody voted for; and fails, where an announcement is drafted, with more than any client can receive. */
const MODIFICATION = `
exports.verdictAt = () => ({ outcome: 'adopted', reason: 'majority' });
setImmediate(() => {
  const { prototype } = require('../../contracts/contract').UmlaufContract;
  const { run } = prototype;
  prototype.run = function (context, name, json) {
    if (name === 'announcements:draft') return Promise.reject(new Error('x'.repeat(200_000)));
    return run.call(this, context, name, json);
  };
});
`;

const isUnavailable = (error: unknown) =>
  error instanceof GatewayError && error.code === (status.UNAVAILABLE as number);

describe.skipIf(missingFabric !== undefined)('a member whose peer runs chaincode of its own making', () => {
  let consortium: TestConsortium;
  let modified: ModifiedService;
  let client: BareClient;
  const decide = (id: string, endorsers: readonly string[]) =>
    client.contract.submit('resolutions:decide', {
      arguments: [JSON.stringify({ id })],
      endorsingOrganizations: endorsers.map((memberId) => consortium.gateway(memberId).mspId),
    });
  const stateOf = async (id: string) => {
    const { body } = await call<Resolution>(
      consortium.gateway(CHAIR),
      'auditor',
      'GET',
      `/resolutions/${id}`,
    );
    return body.status;
  };

  beforeAll(async () => {
    consortium = await startConsortium();
    const chair = consortium.gateway(CHAIR);
    await call(chair, 'board', 'POST', '/resolutions', {
      body: recordOnly('wished', { majority: 'unanimous' }),
    });
    await call(chair, 'board', 'POST', '/resolutions/wished/open');
    client = await bareClient(consortium, ATTACKER, 'board');
    modified = await serveModified(consortium, ATTACKER, {
      file: 'dist/domain/resolutions/status.js',
      code: MODIFICATION,
    });
  });
  afterAll(async () => {
    await modified.end();
    client.close();
    await consortium.stop();
  });

  it("can't do it with this project's service, which runs only what was approved", () => {
    expect(modified.refusal).toContain('was approved: it is not started');
  });

  it('adopts what it likes on its own peer, and no other member takes it', async () => {
    const alone = await until(
      'its peer endorses the decision',
      () =>
        decide('wished', [ATTACKER]).then(
          () => 'committed',
          (error: unknown) => (error instanceof CommitError ? error : undefined),
        ),
      { timeoutMilliseconds: RECOVERY_MS, pauseMilliseconds: 200 },
    );
    expect(alone).toMatchObject({ code: peer.TxValidationCode.ENDORSEMENT_POLICY_FAILURE });
    expect(await stateOf('wished')).toBe('open');
  });

  it('gets no other peer to endorse it', async () => {
    const refused = await until(
      'its peer has found the others again',
      () =>
        decide('wished', [ATTACKER, CHAIR, 'municipal-provider-1']).then(
          () => 'committed',
          (error: unknown) => (isUnavailable(error) ? undefined : error),
        ),
      { timeoutMilliseconds: RECOVERY_MS, pauseMilliseconds: 200 },
    );
    expect(refused).toMatchObject({ name: 'EndorseError', code: status.ABORTED });
    expect(await stateOf('wished')).toBe('open');
  });

  it('keeps nobody else from writing by answers that no client can receive', async () => {
    const others = consortium.gateways.filter(({ memberId }) => memberId !== ATTACKER);
    const draft = async (id: string, gateway: GatewayAccess) => {
      const body = { id, title: { de: 'Mitteilung' }, text: { de: 'Die Mitglieder arbeiten zusammen.' } };
      return (await call(gateway, 'board', 'POST', '/announcements', { body })).status;
    };
    // In turn, so that each gateway would have named the attacker.
    for (let round = 0; round < 3; round += 1) {
      const drafted = await Promise.all(
        others.map((gateway) => draft(`${gateway.memberId}-${round}`, gateway)),
      );
      expect(drafted).toEqual(others.map(() => 201));
    }
  });

  it('does not keep the others from deciding what they have voted on', async () => {
    for (const gateway of consortium.gateways.filter(({ memberId }) => memberId !== ATTACKER))
      await call(gateway, 'representative', 'PUT', '/resolutions/wished/ballot', { body: { choice: 'no' } });
    await until(
      'the resolution is rejected',
      async () => ((await stateOf('wished')) === 'rejected' ? true : undefined),
      { timeoutMilliseconds: RECOVERY_MS, pauseMilliseconds: 100 },
    );
  });
});

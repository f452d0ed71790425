import { peer } from '@hyperledger/fabric-protos';
import { StatusCode } from '@hyperledger/fabric-gateway';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSigner, organizationsPolicy } from 'umlauf-channel';
import { CHAINCODE, CHANNEL, deployProbe, PROBE_PATH, startConsortium } from './testing/consortium.js';
import type { Consortium } from './testing/consortium.js';
import { codeOf, failureOf, Probe } from './testing/contract.js';

const { lifecycle } = peer;

let consortium: Consortium;
let packageId: string;

beforeAll(async () => {
  consortium = await startConsortium();
  packageId = await deployProbe(consortium);
});

afterAll(async () => {
  await consortium.stop();
});

function definitionArguments(name: string): Uint8Array {
  const input = new lifecycle.QueryChaincodeDefinitionArgs();
  input.setName(name);
  return input.serializeBinary();
}

const approvalsOf = (result: peer.lifecycle.QueryChaincodeDefinitionResult): Record<string, boolean> =>
  Object.fromEntries(result.getApprovalsMap().getEntryList());

async function definition(name = CHAINCODE): Promise<peer.lifecycle.QueryChaincodeDefinitionResult> {
  const contract = consortium.client(1).getNetwork(CHANNEL).getContract('_lifecycle');
  const bytes = await contract.evaluate('QueryChaincodeDefinition', {
    arguments: [definitionArguments(name)],
  });
  return lifecycle.QueryChaincodeDefinitionResult.deserializeBinary(bytes);
}

const everyone = { Org1MSP: true, Org2MSP: true, Org3MSP: true, Org4MSP: true };

test('the committed definition and who has approved it can be asked for', async () => {
  const result = await definition();
  expect(result.getVersion()).toBe('1');
  expect(result.getSequence()).toBe(1);
  expect(result.getEndorsementPlugin()).toBe('escc');
  const policy = peer.ApplicationPolicy.deserializeBinary(result.getValidationParameter_asU8());
  expect(policy.getChannelConfigPolicyReference()).toBe('/Channel/Application/Endorsement');
  expect(approvalsOf(result)).toEqual(everyone);
});

test('an undefined namespace is answered with 404', async () => {
  expect((await failureOf(definition('absent'))).message).toBe(
    'evaluate call to endorser returned error: chaincode response 404, namespace absent is not defined',
  );
});

describe('a chaincode', () => {
  test('can read its own definition in a transaction that writes', async () => {
    const probe = new Probe(consortium, 1);
    expect(Number(await probe.submit('definitionAndPut', CHAINCODE, 'seen'))).toBeGreaterThan(0);
    const bytes = Buffer.from(await probe.evaluate('definition', CHAINCODE), 'base64');
    const result = lifecycle.QueryChaincodeDefinitionResult.deserializeBinary(bytes);
    expect(approvalsOf(result)).toEqual(everyone);
  });

  test.each(['cscc', 'qscc'])('can not call %s', async (name) => {
    const call = new Probe(consortium, 1).evaluate(
      'call',
      name,
      CHANNEL,
      JSON.stringify(['GetChainInfo', CHANNEL]),
    );
    expect(await call).toMatch(
      new RegExp(`^500 Rejecting invoke of ${name.toUpperCase()} from another chaincode`),
    );
  });

  test('can not call one on another channel', async () => {
    const call = new Probe(consortium, 1).evaluate('call', CHAINCODE, 'elsewhere', '["get","x"]');
    expect((await failureOf(call)).message).toMatch(
      /INVOKE_CHAINCODE failed: transaction ID: [0-9a-f]{64}: Failed to get policy manager for channel \[elsewhere\]/,
    );
  });

  test('whose definition changes under a held-back transaction invalidates it', async () => {
    const name = 'changing';
    const deploy = (sequence: number, version: string) =>
      consortium.network.deployChaincode({
        definition: { name, sequence, version },
        packageId,
        admins: consortium.admins(),
      });
    await deploy(1, 'one');
    const contract = consortium.client(1).getNetwork(CHANNEL).getContract(name);
    const held = await contract.newProposal('put', { arguments: ['k', 'v'] }).endorse();
    await deploy(2, 'two');
    expect(await codeOf(held)).toBe(StatusCode.MVCC_READ_CONFLICT);
    expect((await definition(name)).getVersion()).toBe('two');
    await contract.submitTransaction('put', 'k', 'v');
  });
});

describe('a definition', () => {
  const admin = (index: number) => {
    const member = consortium.members[index - 1]!;
    return { mspId: member.mspId, admin: createSigner(member.admin, member.mspId) };
  };

  test('needs a majority of approvals before it can be committed', async () => {
    const { network } = consortium;
    const agreed = { name: 'agreed', version: '1', sequence: 1 };
    for (const index of [1, 2]) await network.approve({ ...admin(index), definition: agreed, packageId });
    await expect(network.commit({ ...admin(1), definition: agreed })).rejects.toThrow(
      /is invalid: ENDORSEMENT_POLICY_FAILURE/,
    );
    await network.approve({ ...admin(3), definition: agreed, packageId });
    await network.commit({ ...admin(1), definition: agreed });
    expect(approvalsOf(await definition('agreed'))).toEqual({ ...everyone, Org4MSP: false });
  });

  test('is not run by an organization that has not approved it', async () => {
    const contract = consortium.client(4).getNetwork(CHANNEL).getContract('agreed');
    const named = contract.newProposal('put', {
      arguments: ['k', 'v'],
      endorsingOrganizations: ['Org1MSP', 'Org2MSP', 'Org4MSP'],
    });
    expect((await failureOf(named.endorse())).message).toBe(
      'failed to find any endorsing peers for org(s): Org4MSP',
    );
    // Its gateway finds the others by itself; later it approves what is committed.
    await contract.submitTransaction('put', 'k', 'v');
    const { network } = consortium;
    await network.approve({
      ...admin(4),
      definition: { name: 'agreed', version: '1', sequence: 1 },
      packageId,
    });
    expect(approvalsOf(await definition('agreed'))).toEqual(everyone);
    expect(await codeOf(await named.endorse())).toBe(StatusCode.VALID);
  });

  test('must have the next sequence', async () => {
    const skipping = { name: CHAINCODE, version: '2', sequence: 3 };
    await expect(
      consortium.network.approve({ ...admin(1), definition: skipping, packageId }),
    ).rejects.toThrow(/requested sequence 3 is larger than the next available sequence number 2/);
  });

  test('can be approved only by an admin of the organization', async () => {
    const user = createSigner(consortium.members[0]!.users.user!, 'Org1MSP');
    const definitionInput = { name: CHAINCODE, version: '2', sequence: 2 };
    const approval = consortium.network.approve({
      mspId: 'Org1MSP',
      admin: user,
      definition: definitionInput,
      packageId,
    });
    await expect(approval).rejects.toThrow(/Failed to authorize invocation due to failed ACL check/);
  });

  test('may have an endorsement policy of its own', async () => {
    const policy = new peer.ApplicationPolicy();
    policy.setSignaturePolicy(organizationsPolicy(1, ['Org2MSP'], 'peer'));
    await consortium.network.deployChaincode({
      definition: {
        name: 'own-policy',
        version: '1',
        sequence: 1,
        endorsementPolicy: policy.serializeBinary(),
      },
      packageId,
      admins: consortium.admins(),
    });
    const contract = consortium.client(1).getNetwork(CHANNEL).getContract('own-policy');
    const by = async (mspId: string) =>
      codeOf(
        await contract
          .newProposal('put', { arguments: ['k', 'v'], endorsingOrganizations: [mspId] })
          .endorse(),
      );
    expect(await by('Org2MSP')).toBe(StatusCode.VALID);
    expect(await by('Org1MSP')).toBe(StatusCode.ENDORSEMENT_POLICY_FAILURE);
    await contract.submitTransaction('put', 'k', 'w');
  });

  test('of a package that is not installed runs nowhere', async () => {
    await consortium.network.deployChaincode({
      definition: { name: 'elsewhere', version: '1', sequence: 1 },
      packageId: 'elsewhere:00',
      admins: consortium.admins(),
    });
    const contract = consortium.client(1).getNetwork(CHANNEL).getContract('elsewhere');
    expect((await failureOf(contract.submitTransaction('put', 'k', 'v'))).message).toContain(
      'required chaincodes are not installed on sufficient peers',
    );
  });
});

describe('a chaincode that dies', () => {
  test('fails the call it was running and works again at the next', async () => {
    const probe = new Probe(consortium, 1);
    const failure = await failureOf(probe.evaluate('crash'));
    expect(failure.details.some(({ message }) => message.endsWith('chaincode stream terminated'))).toBe(true);
    expect(await probe.submit('increment', 'after-crash')).toBe('1');
  });

  test('for want of a handler of an exception comes back as well', async () => {
    const probe = new Probe(consortium, 1);
    await probe.evaluate('crashInBackground').catch(() => undefined);
    await expect.poll(() => probe.evaluate('get', 'x').catch((error: unknown) => String(error))).toBe('');
  });
});

test('a package id depends on the files alone', async () => {
  const again = await consortium.network.installChaincode({ label: 'probe', path: PROBE_PATH });
  expect(again).toBe(packageId);
  expect(again).toMatch(/^probe:[0-9a-f]{64}$/);
});

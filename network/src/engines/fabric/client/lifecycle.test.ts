import { peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { PeerRefusal, type EndorserClient } from './endorser-client.js';
import {
  approveArgs,
  approvedPackage,
  commitArgs,
  committedDefinition,
  installPackage,
} from './lifecycle.js';
import type { ProposalContent } from './proposal.js';

const { lifecycle } = peer;
const DEFINITION = { name: 'umlauf', version: '0.1.0', sequence: 3 };

/** A peer that answers `_lifecycle` calls, and remembers them. */
function fakePeer(answers: Record<string, () => Uint8Array>) {
  const calls: ProposalContent[] = [];
  const query = (content: ProposalContent) => {
    calls.push(content);
    const answer = answers[String(content.args[0])];
    return answer
      ? Promise.resolve().then(answer)
      : Promise.reject(new Error(`unexpected ${String(content.args[0])}`));
  };
  return { calls, endorser: { query } as unknown as EndorserClient };
}
const refuse = (message: string) => () => {
  throw new PeerRefusal(message, 500);
};

function installed(...ids: string[]): Uint8Array {
  const result = new lifecycle.QueryInstalledChaincodesResult();
  result.setInstalledChaincodesList(
    ids.map((id) => {
      const each = new lifecycle.QueryInstalledChaincodesResult.InstalledChaincode();
      each.setPackageId(id);
      return each;
    }),
  );
  return result.serializeBinary();
}

describe('installing a package', () => {
  const bytes = Buffer.from('package');
  const install = (id: string) => () => {
    const result = new lifecycle.InstallChaincodeResult();
    result.setPackageId(id);
    return result.serializeBinary();
  };

  it('hands it to the peer', async () => {
    const { endorser, calls } = fakePeer({
      QueryInstalledChaincodes: () => installed('other:00'),
      InstallChaincode: install('umlauf:01'),
    });
    await installPackage(endorser, { id: 'umlauf:01', bytes });
    const args = lifecycle.InstallChaincodeArgs.deserializeBinary(calls[1]!.args[1] as Uint8Array);
    expect(Buffer.from(args.getChaincodeInstallPackage_asU8())).toEqual(bytes);
    expect(calls[1]!.channel).toBe('');
  });

  it('is done once', async () => {
    const { endorser, calls } = fakePeer({ QueryInstalledChaincodes: () => installed('umlauf:01') });
    await installPackage(endorser, { id: 'umlauf:01', bytes });
    expect(calls).toHaveLength(1);
  });

  it('is an error if the peer computes another id', async () => {
    const { endorser } = fakePeer({
      QueryInstalledChaincodes: () => installed(),
      InstallChaincode: install('umlauf:02'),
    });
    await expect(installPackage(endorser, { id: 'umlauf:01', bytes })).rejects.toThrow(
      /umlauf:02, not umlauf:01/,
    );
  });
});

describe('the definition in force', () => {
  it('tells who has approved it', async () => {
    const { endorser, calls } = fakePeer({
      QueryChaincodeDefinition: () => {
        const result = new lifecycle.QueryChaincodeDefinitionResult();
        result.setSequence(3);
        result.setVersion('0.1.0');
        result.getApprovalsMap().set('OldMSP', true).set('NewMSP', false);
        return result.serializeBinary();
      },
    });
    expect(await committedDefinition(endorser, 'channel', 'umlauf')).toEqual({
      ...DEFINITION,
      approvals: new Map([
        ['OldMSP', true],
        ['NewMSP', false],
      ]),
    });
    expect(calls[0]).toMatchObject({ channel: 'channel', chaincode: '_lifecycle' });
  });

  it('may not be there yet', async () => {
    const { endorser } = fakePeer({
      QueryChaincodeDefinition: refuse(
        "failed to invoke backing implementation of 'QueryChaincodeDefinition': namespace umlauf is not defined",
      ),
    });
    expect(await committedDefinition(endorser, 'channel', 'umlauf')).toBeUndefined();
  });

  it('is not taken for missing when the peer refuses for another reason', async () => {
    const { endorser } = fakePeer({ QueryChaincodeDefinition: refuse('access denied') });
    await expect(committedDefinition(endorser, 'channel', 'umlauf')).rejects.toThrow('access denied');
  });
});

describe("an organization's approval", () => {
  it('names the package that it runs', async () => {
    const { endorser } = fakePeer({
      QueryApprovedChaincodeDefinition: () => {
        const local = new lifecycle.ChaincodeSource.Local();
        local.setPackageId('umlauf:01');
        const source = new lifecycle.ChaincodeSource();
        source.setLocalPackage(local);
        const result = new lifecycle.QueryApprovedChaincodeDefinitionResult();
        result.setSource(source);
        return result.serializeBinary();
      },
    });
    expect(await approvedPackage(endorser, 'channel', DEFINITION)).toBe('umlauf:01');
  });

  it('may not be there yet', async () => {
    const { endorser } = fakePeer({
      QueryApprovedChaincodeDefinition: refuse(
        "could not fetch approved chaincode definition (name: 'umlauf', sequence: '3') on channel 'channel'",
      ),
    });
    expect(await approvedPackage(endorser, 'channel', DEFINITION)).toBeUndefined();
  });
});

describe('what is approved', () => {
  it("is what is committed, and endorsed by the channel's own policy", () => {
    const approve = lifecycle.ApproveChaincodeDefinitionForMyOrgArgs.deserializeBinary(
      approveArgs(DEFINITION, 'umlauf:01')[1],
    );
    const commit = lifecycle.CommitChaincodeDefinitionArgs.deserializeBinary(commitArgs(DEFINITION)[1]);
    for (const args of [approve, commit]) {
      expect([args.getName(), args.getVersion(), args.getSequence()]).toEqual(['umlauf', '0.1.0', 3]);
      const policy = peer.ApplicationPolicy.deserializeBinary(args.getValidationParameter_asU8());
      expect(policy.getChannelConfigPolicyReference()).toBe('/Channel/Application/Endorsement');
    }
    expect(approve.getSource()?.getLocalPackage()?.getPackageId()).toBe('umlauf:01');
  });
});

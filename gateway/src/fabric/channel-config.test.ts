import { common, msp } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { channelConfig, signaturePolicy } from '../testing/fake-channel.js';
import { channelConfigOf, flatPolicy } from './channel-config.js';

describe('channelConfigOf', () => {
  it('reads the members by their MSP ids and the flat endorsement policy', () => {
    const bytes = channelConfig(
      ['CMSP', 'AMSP', 'BMSP'],
      signaturePolicy(2, ['AMSP', 'BMSP', 'CMSP']),
      new Map([['CMSP', 'root of CMSP']]),
    );
    expect(channelConfigOf(bytes)).toEqual({
      sequence: 3n,
      mspIds: ['AMSP', 'BMSP', 'CMSP'],
      endorsement: { threshold: 2, mspIds: ['AMSP', 'BMSP', 'CMSP'] },
      authorities: new Map([
        ['AMSP', []],
        ['BMSP', []],
        ['CMSP', ['root of CMSP']],
      ]),
    });
  });

  it('leaves the policy out when it is an implicit one', () => {
    expect(channelConfigOf(channelConfig(['AMSP']))).not.toHaveProperty('endorsement');
  });

  it('refuses a configuration without an application part', () => {
    const config = new common.Config();
    config.setChannelGroup(new common.ConfigGroup());
    expect(() => channelConfigOf(config.serializeBinary())).toThrow(/application/);
  });
});

describe('flatPolicy', () => {
  it('is none when a rule is nested', () => {
    const inner = signaturePolicy(1, ['AMSP']);
    const outer = signaturePolicy(1, ['AMSP']);
    outer.getRule()?.getNOutOf()?.setRulesList([inner.getRule()!]);
    expect(flatPolicy(outer.serializeBinary())).toBeUndefined();
  });

  it('is none when an organization counts twice', () => {
    expect(flatPolicy(signaturePolicy(2, ['AMSP', 'AMSP']).serializeBinary())).toBeUndefined();
  });

  it('is none when a principal is no role in an organization', () => {
    const policy = signaturePolicy(1, ['AMSP']);
    policy
      .getIdentitiesList()[0]
      ?.setPrincipalClassification(msp.MSPPrincipal.Classification.ORGANIZATION_UNIT);
    expect(flatPolicy(policy.serializeBinary())).toBeUndefined();
  });

  it('is none when a rule points at no principal', () => {
    const policy = signaturePolicy(1, ['AMSP']);
    policy.setIdentitiesList([]);
    expect(flatPolicy(policy.serializeBinary())).toBeUndefined();
  });
});

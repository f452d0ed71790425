import { peer } from '@hyperledger/fabric-protos';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../user-error.js';
import { PeerRefusal } from './client/endorser-client.js';
import type { ProposalContent } from './client/proposal.js';
import { bringIn, bringIntoForce, describeInForce, followOthers, upgrade } from './deployment.js';
import type { Member } from './member.js';
import type { Members } from './members.js';

const { lifecycle } = peer;
type Release = ReturnType<Members['currentRelease']>;

const release = (id: string) =>
  ({ code: { version: '0.1.0', label: id }, package: { id } }) as unknown as Release;

/** A channel's lifecycle as its members see it: approvals by sequence and organization, and the sequence in force. */
class FakeChannel {
  sequence = 0;
  height = 5;
  readonly approvals = new Map<string, string>();
  readonly log: string[] = [];
  built = 'v1:01';
  readonly missing = new Set<string>();
  /** Packages whose services don't start. */
  readonly broken = new Set<string>();

  version = '0.1.0';
  /** All of the channel. */
  organizations: readonly string[] = [];
  /** How many more times the approval of `c` is not seen. */
  unseen = 0;

  readonly here = {
    channel: 'channel',
    step: () => undefined,
    currentRelease: () => release(this.built),
    release: (id: string) => {
      if (this.missing.has(id)) throw new UserError(`${id} is not here`);
      return release(id);
    },
    releaseIfAny: (id: string) => (this.missing.has(id) ? undefined : release(id)),
  } as unknown as Members;

  member(name: string, down = false): Member {
    const served: { now?: string; next?: string } = {};
    return {
      mspId: name,
      get servedPackage() {
        return served.now;
      },
      get nextPackage() {
        return served.next;
      },
      peer: { name: `${name}.peer` },
      address: { endpoint: name, tlsRootCertificates: '' },
      serve: ({ package: { id } }: Release) => {
        served.now = id;
        if (served.next === id) delete served.next;
        this.log.push(`${name} serves ${id}`);
      },
      prepare: ({ package: { id } }: Release) => {
        served.next = id;
        this.log.push(`${name} serves ${[served.now, id].join(' and ')}`);
      },
      dropNext: () => {
        delete served.next;
        this.log.push(`${name} gives up what was to follow`);
      },
      retire: () => Promise.resolve(void this.log.push(`${name} retires others`)),
      serving: ({ package: { id } }: Release) =>
        this.broken.has(id) ? Promise.reject(new Error(`${id} has ended`)) : Promise.resolve(),
      approve: (definition: { sequence: number }, { package: { id } }: Release) => {
        const key = `${definition.sequence} ${name}`;
        if (this.approvals.get(key) !== id) {
          this.approvals.set(key, id);
          this.height += 1;
          this.log.push(`${name} approves ${id} as ${definition.sequence}`);
        }
        return Promise.resolve();
      },
      administrator: {
        endorser: {
          address: { endpoint: name },
          query: (content: ProposalContent) => this.answer(name, content, down),
        },
        discovery: {
          peers: () => Promise.resolve(this.organizations.map((mspId) => ({ mspId, endpoint: mspId }))),
        },
        follow: () => Promise.resolve({ height: this.height, reached: () => Promise.resolve() }),
        submit: ({ args }: ProposalContent, others: { endpoint: string }[]) => {
          const bytes = args[1] as Uint8Array;
          this.sequence = lifecycle.CommitChaincodeDefinitionArgs.deserializeBinary(bytes).getSequence();
          this.log.push(
            `${[name, ...others.map(({ endpoint }) => endpoint)].join(' ')} commit ${this.sequence}`,
          );
          return Promise.resolve({ blockNumber: this.height++ });
        },
      },
    } as unknown as Member;
  }

  private tellApprovals(approvals: { set(mspId: string, approved: boolean): unknown }, sequence: number) {
    const isSeen = (mspId: string) => mspId !== 'c' || this.unseen-- <= 0;
    for (const mspId of this.organizations)
      approvals.set(mspId, this.approvals.has(`${sequence} ${mspId}`) && isSeen(mspId));
  }

  private answer(name: string, { args }: ProposalContent, down: boolean): Promise<Uint8Array> {
    if (down) return Promise.reject(new Error('14 UNAVAILABLE'));
    if (args[0] === 'QueryChaincodeDefinition') {
      if (this.sequence === 0) return Promise.reject(new PeerRefusal('namespace umlauf is not defined', 500));
      const result = new lifecycle.QueryChaincodeDefinitionResult();
      result.setSequence(this.sequence);
      result.setVersion(this.version);
      this.tellApprovals(result.getApprovalsMap(), this.sequence);
      return Promise.resolve(result.serializeBinary());
    }
    if (args[0] === 'CheckCommitReadiness') {
      const asked = lifecycle.CheckCommitReadinessArgs.deserializeBinary(args[1] as Uint8Array);
      const result = new lifecycle.CheckCommitReadinessResult();
      this.tellApprovals(result.getApprovalsMap(), asked.getSequence());
      return Promise.resolve(result.serializeBinary());
    }
    const { sequence } = lifecycle.QueryApprovedChaincodeDefinitionArgs.deserializeBinary(
      args[1] as Uint8Array,
    ).toObject();
    const id = this.approvals.get(`${sequence} ${name}`);
    if (id === undefined)
      return Promise.reject(new PeerRefusal('could not fetch approved chaincode definition', 500));
    const local = new lifecycle.ChaincodeSource.Local();
    local.setPackageId(id);
    const source = new lifecycle.ChaincodeSource();
    source.setLocalPackage(local);
    const result = new lifecycle.QueryApprovedChaincodeDefinitionResult();
    result.setSource(source);
    return Promise.resolve(result.serializeBinary());
  }
}

/** A channel on which a and b have brought `v1:01` into force. */
async function running() {
  const channel = new FakeChannel();
  const members = [channel.member('a'), channel.member('b')];
  await bringIntoForce(members, 'umlauf', channel.here);
  channel.log.length = 0;
  return { channel, members };
}

describe('the first definition', () => {
  it('is approved by all, then committed with the endorsement of all', async () => {
    const channel = new FakeChannel();
    const isNew = await bringIntoForce([channel.member('a'), channel.member('b')], 'umlauf', channel.here);
    expect(isNew).toBe(true);
    expect(channel.log).toEqual([
      'a serves v1:01',
      'b serves v1:01',
      'a approves v1:01 as 1',
      'b approves v1:01 as 1',
      'a b commit 1',
    ]);
  });

  it('is not approved again by whoever did before an interruption', async () => {
    const channel = new FakeChannel();
    channel.approvals.set('1 a', 'v1:01');
    await bringIntoForce([channel.member('a'), channel.member('b')], 'umlauf', channel.here);
    expect(channel.log).toContain('b approves v1:01 as 1');
    expect(channel.log).not.toContain('a approves v1:01 as 1');
  });
});

describe('a definition in force', () => {
  const join = vi.fn(() => Promise.resolve());
  beforeEach(() => void join.mockClear());

  it('is what services run at the next start, whatever was built meanwhile', async () => {
    const { channel, members } = await running();
    channel.built = 'v2:02';
    expect(await bringIntoForce(members, 'umlauf', channel.here)).toBe(false);
    expect(channel.log).toEqual(['a serves v1:01', 'b serves v1:01']);
  });

  it('is approved by a newcomer with the package of the others', async () => {
    const { channel, members } = await running();
    channel.built = 'v2:02';
    await bringIn(channel.member('c'), members, 'umlauf', channel.here, join);
    expect(join).toHaveBeenCalledOnce();
    expect(channel.approvals.get('1 c')).toBe('v1:01');
  });

  it('is learned from whichever member answers', async () => {
    const { channel } = await running();
    const others = [channel.member('a', true), channel.member('b')];
    await bringIn(channel.member('c'), others, 'umlauf', channel.here, join);
    expect(channel.approvals.get('1 c')).toBe('v1:01');
  });

  it('cannot be followed when nobody answers', async () => {
    const { channel } = await running();
    const joining = bringIn(channel.member('c'), [channel.member('a', true)], 'umlauf', channel.here, join);
    await expect(joining).rejects.toThrow(AggregateError);
  });

  it('cannot be followed without its code, and says so', async () => {
    const { channel, members } = await running();
    channel.missing.add('v1:01');
    await expect(bringIn(channel.member('c'), members, 'umlauf', channel.here, join)).rejects.toThrow(
      UserError,
    );
  });
});

describe('an upgrade', () => {
  it('takes the next sequence', async () => {
    const { channel, members } = await running();
    channel.built = 'v2:02';
    expect(await upgrade(members, 'umlauf', channel.here)).toBe(true);
    expect(channel.log).toEqual([
      'a serves v1:01 and v2:02',
      'b serves v1:01 and v2:02',
      'a approves v2:02 as 2',
      'b approves v2:02 as 2',
      'a b commit 2',
      'a serves v2:02',
      'b serves v2:02',
    ]);
  });

  it('changes nothing if the same is in force', async () => {
    const { channel, members } = await running();
    expect(await upgrade(members, 'umlauf', channel.here)).toBe(false);
    expect(channel.log).toEqual(['a serves v1:01', 'b serves v1:01']);
  });

  it('does not take place with code that does not start: services go on with what is in force', async () => {
    const { channel, members } = await running();
    channel.built = 'v2:02';
    channel.broken.add('v2:02');
    await expect(upgrade(members, 'umlauf', channel.here)).rejects.toThrow('v2:02 has ended');
    expect(channel.sequence).toBe(1);
    expect(channel.log.slice(-6)).toEqual([
      'a serves v1:01',
      'a gives up what was to follow',
      'b serves v1:01',
      'b gives up what was to follow',
      'a retires others',
      'b retires others',
    ]);
  });

  it('is finished after an interruption', async () => {
    const { channel, members } = await running();
    channel.built = 'v2:02';
    channel.approvals.set('2 a', 'v2:02');
    expect(await upgrade(members, 'umlauf', channel.here)).toBe(true);
    expect(channel.sequence).toBe(2);
    expect(channel.log).not.toContain('a approves v2:02 as 2');
  });
});

describe('what members on other machines have brought into force', () => {
  it('is approved as it is built here', async () => {
    const { channel } = await running();
    Object.assign(channel.here, { hasOthers: true });
    expect(await bringIntoForce([channel.member('late')], 'umlauf', channel.here)).toBe(false);
    expect(channel.log).toEqual(['late serves v1:01', 'late approves v1:01 as 1']);
  });

  it('is not taken to be the code that was in force before, nor another version', async () => {
    const { channel, members } = await running();
    Object.assign(channel.here, { hasOthers: true });
    channel.sequence = 2;
    await expect(bringIntoForce(members, 'umlauf', channel.here)).rejects.toThrow(
      'the members elsewhere have brought umlauf 0.1.0 into force (sequence 2); what is built here is v1:01: install',
    );
    expect(channel.log).toEqual([]);
    channel.built = 'v2:02';
    await bringIntoForce(members, 'umlauf', channel.here);
    expect(channel.log).toContain('a approves v2:02 as 2');
    channel.version = '0.2.0';
    await expect(bringIntoForce([channel.member('late')], 'umlauf', channel.here)).rejects.toThrow(UserError);
  });
});

describe('an upgrade among members on machines of their own', () => {
  /** Five machines, on all of which `v1:01` is in force. */
  async function machines() {
    const channel = new FakeChannel();
    channel.organizations = ['a', 'b', 'c', 'd', 'e'];
    await bringIntoForce(
      channel.organizations.map((name) => channel.member(name)),
      'umlauf',
      channel.here,
    );
    const configuration = () => Promise.resolve({ organizations: new Map<string, never>() });
    Object.assign(channel.here, { hasOthers: true, configuration });
    const machine = async (name: string) => {
      const members = [channel.member(name)];
      await bringIntoForce(members, 'umlauf', channel.here);
      return members;
    };
    const [first, second, third] = [await machine('a'), await machine('b'), await machine('c')];
    channel.log.length = 0;
    channel.built = 'v2:02';
    return { channel, first, second, third, machine };
  }

  it('is approved where too few have; whoever approves last has all who have bring it into force', async () => {
    const { channel, first, second, third } = await machines();
    expect(await upgrade(first, 'umlauf', channel.here)).toBe(false);
    expect(channel.log).toEqual(['a serves v1:01 and v2:02', 'a approves v2:02 as 2']);
    expect(await upgrade(second, 'umlauf', channel.here)).toBe(false);
    expect(channel.sequence).toBe(1);
    expect(await upgrade(third, 'umlauf', channel.here)).toBe(true);
    expect(channel.log.slice(-2)).toEqual(['c a b commit 2', 'c serves v2:02']);
  });

  it('tells what is missing until it is in force, then no more', async () => {
    const { channel, first, second, third } = await machines();
    const next = async () => (await describeInForce(first, 'umlauf', channel.here))?.next;
    expect(await next()).toBeUndefined();
    await upgrade(first, 'umlauf', channel.here);
    const expected = { version: '0.1.0', sequence: 2, packageId: 'v2:02', needed: 3 };
    expect(await next()).toEqual({ ...expected, unapproved: ['b', 'c', 'd', 'e'] });
    await upgrade(second, 'umlauf', channel.here);
    expect(await next()).toEqual({ ...expected, unapproved: ['c', 'd', 'e'] });
    await upgrade(third, 'umlauf', channel.here);
    expect(await next()).toBeUndefined();
  });

  it('runs beside the old code across starts, and alone once it is in force', async () => {
    const { channel, first, second, third } = await machines();
    await upgrade(first, 'umlauf', channel.here);
    channel.log.length = 0;
    expect(await bringIntoForce(first, 'umlauf', channel.here)).toBe(false);
    expect(channel.log).toEqual(['a serves v1:01', 'a serves v1:01 and v2:02']);
    expect(await followOthers(first, 'umlauf', channel.here)).toBe(false);
    await upgrade(second, 'umlauf', channel.here);
    await upgrade(third, 'umlauf', channel.here);
    channel.log.length = 0;
    expect(await followOthers(first, 'umlauf', channel.here)).toBe(true);
    expect(channel.log).toEqual(['a serves v2:02']);
    expect(first[0]?.nextPackage).toBeUndefined();
    expect(await followOthers(first, 'umlauf', channel.here)).toBe(false);
  });

  it('is brought into force by any that approved, where whoever approved last could not', async () => {
    const { channel, first } = await machines();
    await upgrade(first, 'umlauf', channel.here);
    for (const name of ['b', 'c']) channel.approvals.set(`2 ${name}`, 'v2:02');
    expect(await followOthers(first, 'umlauf', channel.here)).toBe(true);
    expect(channel.log.slice(-2)).toEqual(['a b c commit 2', 'a serves v2:02']);
  });

  it.each(['fails', 'is interrupted'])('keeps its service when another one %s', async (how) => {
    const { channel, first, second, third } = await machines();
    await upgrade(first, 'umlauf', channel.here);
    channel.built = 'v3:03';
    channel.broken.add('v3:03');
    if (how === 'fails') await expect(upgrade(first, 'umlauf', channel.here)).rejects.toThrow('has ended');
    else {
      first[0]?.prepare(release('v3:03'));
      await bringIntoForce(first, 'umlauf', channel.here);
    }
    expect(first[0]?.nextPackage).toBe('v2:02');
    channel.built = 'v2:02';
    await upgrade(second, 'umlauf', channel.here);
    await upgrade(third, 'umlauf', channel.here);
    expect(await followOthers(first, 'umlauf', channel.here)).toBe(true);
    expect(first[0]?.servedPackage).toBe('v2:02');
  });

  it('waits until the peer that is asked has seen the approval of each member here', async () => {
    const { channel, first, second } = await machines();
    await upgrade(second, 'umlauf', channel.here);
    const here = [...first, channel.member('c')];
    await bringIntoForce(here, 'umlauf', channel.here);
    channel.unseen = 3;
    expect(await upgrade(here, 'umlauf', channel.here)).toBe(true);
    expect(channel.sequence).toBe(2);
  });

  it('is left to others where its code is not here any more', async () => {
    const { channel, first } = await machines();
    await upgrade(first, 'umlauf', channel.here);
    channel.missing.add('v2:02');
    await bringIntoForce(first, 'umlauf', channel.here);
    expect(first[0]?.nextPackage).toBeUndefined();
  });

  it('takes the place of other code that was approved before', async () => {
    const { channel, first } = await machines();
    await upgrade(first, 'umlauf', channel.here);
    channel.built = 'v3:03';
    await upgrade(first, 'umlauf', channel.here);
    expect(first[0]?.nextPackage).toBe('v3:03');
    expect(channel.approvals.get('2 a')).toBe('v3:03');
  });

  it('that others brought into force in another version is not what was approved here', async () => {
    const { channel, first } = await machines();
    await upgrade(first, 'umlauf', channel.here);
    Object.assign(channel, { sequence: 2, version: '0.2.0' });
    await expect(bringIntoForce(first, 'umlauf', channel.here)).rejects.toThrow(
      'the members elsewhere have brought umlauf 0.2.0 into force (sequence 2)',
    );
    await expect(upgrade(first, 'umlauf', channel.here)).rejects.toThrow(UserError);
  });

  it('that was not approved is not run after an interruption', async () => {
    const { channel, first } = await machines();
    first[0]?.prepare(release('v2:02'));
    await bringIntoForce(first, 'umlauf', channel.here);
    expect(first[0]?.nextPackage).toBeUndefined();
  });
});

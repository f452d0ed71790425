/** Who must endorse: the chaincode's policy (three of four organizations) and the policies of single keys. */
import { failure, outcome } from '../failure.js';
import type { Topic } from '../probe.js';
import type { Stage } from '../stage.js';

/** The code of a write endorsed by these organizations. */
const put = (stage: Stage, key: string, ...endorsers: number[]): Promise<string> =>
  stage.code('put', [key, 'x'], { endorsers });

/** A key that needs these organizations. */
const owned = (stage: Stage, key: string, organizations: string): Promise<string> =>
  stage.code('putOwned', [key, 'x', organizations]);

export const policies: Topic = {
  'chaincode: too few endorsers': async (stage) => [
    await put(stage, 'cc-one', 1),
    await put(stage, 'cc-two', 2, 3),
    await stage.evaluate('get', 'cc-two'),
  ],
  'chaincode: enough endorsers, without the client': (stage) => put(stage, 'cc-others', 2, 3, 4),
  'chaincode: all endorsers': (stage) => put(stage, 'cc-all', 1, 2, 3, 4),
  'chaincode: the same organization named twice': (stage) => outcome(put(stage, 'cc-twice', 1, 1, 2)),
  'key: its owner alone': async (stage) => {
    const created = await owned(stage, 'key-owner', 'Org2MSP');
    return [created, await put(stage, 'key-owner', 2)];
  },
  'key: everyone but its owner': async (stage) => {
    await owned(stage, 'key-others', 'Org2MSP');
    return put(stage, 'key-others', 1, 3, 4);
  },
  'key: two owners, one of them': async (stage) => {
    await owned(stage, 'key-two', 'Org2MSP,Org3MSP');
    return [await put(stage, 'key-two', 2), await put(stage, 'key-two', 2, 3)];
  },
  'key: created by its owner alone': (stage) =>
    stage.code('putOwned', ['key-created', 'x', 'Org2MSP'], { endorsers: [2] }),
  'key: its owner found by the gateway': async (stage) => {
    await owned(stage, 'key-found', 'Org4MSP');
    return stage.code('put', ['key-found', 'y'], { endorsers: 'gateway' });
  },
  'key: its policy read': async (stage) => {
    await owned(stage, 'key-read', 'Org2MSP,Org3MSP');
    await stage.submit('put', ['key-plain', 'x']);
    return [await stage.evaluate('owners', 'key-read'), await outcome(stage.evaluate('owners', 'key-plain'))];
  },
  'key: its policy is kept when its value changes': async (stage) => {
    await owned(stage, 'key-kept', 'Org2MSP');
    await put(stage, 'key-kept', 2);
    return [await stage.evaluate('owners', 'key-kept'), await put(stage, 'key-kept', 1, 3, 4)];
  },
  'key: its policy changed by others': async (stage) => {
    await owned(stage, 'key-taken', 'Org2MSP');
    return [
      await stage.code('own', ['key-taken', 'Org3MSP'], { endorsers: [1, 3, 4] }),
      await stage.evaluate('owners', 'key-taken'),
    ];
  },
  'key: its policy changed by its owner': async (stage) => {
    await owned(stage, 'key-given', 'Org2MSP');
    const given = await stage.code('own', ['key-given', 'Org3MSP'], { endorsers: [2] });
    return [given, await put(stage, 'key-given', 2), await put(stage, 'key-given', 3)];
  },
  'key: its policy given up': async (stage) => {
    await owned(stage, 'key-disowned', 'Org2MSP');
    const given = await stage.code('disown', ['key-disowned'], { endorsers: [2] });
    return [given, await put(stage, 'key-disowned', 2), await put(stage, 'key-disowned', 1, 3, 4)];
  },
  'key: deleted by others': async (stage) => {
    await owned(stage, 'key-deleted-others', 'Org2MSP');
    return stage.code('remove', ['key-deleted-others'], { endorsers: [1, 3, 4] });
  },
  'key: deleted, then made again by others': async (stage) => {
    await owned(stage, 'key-deleted', 'Org2MSP');
    const deleted = await stage.code('remove', ['key-deleted'], { endorsers: [2] });
    return [
      deleted,
      await put(stage, 'key-deleted', 1, 3, 4),
      await outcome(stage.evaluate('owners', 'key-deleted')),
    ];
  },
  'key: a policy for one that does not exist': async (stage) => {
    const set = await stage.code('own', ['key-missing', 'Org2MSP']);
    return [
      set,
      await outcome(stage.evaluate('owners', 'key-missing')),
      await put(stage, 'key-missing', 1, 3, 4),
    ];
  },
  'key: owned by an organization that the channel does not have': async (stage) => {
    const created = await owned(stage, 'key-stranger', 'Org9MSP');
    return [
      created,
      await put(stage, 'key-stranger', 1, 2, 3, 4),
      await failure(stage.hold('put', ['key-stranger', 'y'], { endorsers: 'gateway' })),
    ];
  },
  'key: read without its owner': async (stage) => {
    await owned(stage, 'key-reader', 'Org2MSP');
    return [
      await stage.code('get', ['key-reader'], { endorsers: [1, 3, 4] }),
      await stage.code('get', ['key-reader'], { endorsers: [2] }),
    ];
  },
  'keys: two with policies in one transaction': async (stage) => {
    await owned(stage, 'keys-a', 'Org2MSP');
    await owned(stage, 'keys-b', 'Org3MSP');
    const both = (endorsers: number[]) => stage.code('putBoth', ['keys-a', 'keys-b', 'y'], { endorsers });
    return [await both([2]), await both([3]), await both([2, 3])];
  },
  'keys: one with a policy, one without': async (stage) => {
    await owned(stage, 'keys-owned', 'Org2MSP');
    const both = (endorsers: number[]) =>
      stage.code('putBoth', ['keys-owned', 'keys-plain', 'y'], { endorsers });
    return [await both([2]), await both([1, 3, 4]), await both([2, 3, 4])];
  },
  'block: a policy changed, then the key written under the old one': async (stage) => {
    const [first, second] = await stage.releaseTogether(async (attempt) => {
      const key = `block-changed-${attempt}`;
      await owned(stage, key, 'Org2MSP');
      return [
        await stage.hold('own', [key, 'Org3MSP'], { endorsers: [2] }),
        await stage.hold('put', [key, 'y'], { endorsers: [2] }),
      ];
    });
    return [first!.code, second!.code];
  },
  'block: a policy changed, then the key written under the new one': async (stage) => {
    const [first, second] = await stage.releaseTogether(async (attempt) => {
      const key = `block-new-${attempt}`;
      await owned(stage, key, 'Org2MSP');
      return [
        await stage.hold('own', [key, 'Org3MSP'], { endorsers: [2] }),
        await stage.hold('put', [key, 'y'], { endorsers: [3] }),
      ];
    });
    return [first!.code, second!.code];
  },
  'block: a policy change that is invalid, then the key written': async (stage) => {
    const [first, second] = await stage.releaseTogether(async (attempt) => {
      const key = `block-invalid-${attempt}`;
      await owned(stage, key, 'Org2MSP');
      return [
        await stage.hold('own', [key, 'Org3MSP'], { endorsers: [1] }),
        await stage.hold('put', [key, 'y'], { endorsers: [2] }),
      ];
    });
    return [first!.code, second!.code];
  },
  'block: a key made with a policy, then written by others': async (stage) => {
    const [first, second] = await stage.releaseTogether(async (attempt) => {
      const key = `block-made-${attempt}`;
      return [
        await stage.hold('putOwned', [key, 'x', 'Org2MSP']),
        await stage.hold('put', [key, 'y'], { endorsers: [1, 3, 4] }),
      ];
    });
    return [first!.code, second!.code];
  },
};

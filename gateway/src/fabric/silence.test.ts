import { status } from '@grpc/grpc-js';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeTime, grpcError } from '../testing/fake-fabric.js';
import type { EvaluateOptions } from './client.js';
import { Endorsers } from './endorsers.js';
import { Silence } from './silence.js';

const CALL = { transaction: 'members:withdraw', arguments: ['{}'] };
const REST_MS = 5 * 60_000;

let time: FakeTime;
let silent: Set<string>;
let asked: string[];
let onFound: ReturnType<typeof vi.fn<(mspIds: readonly string[]) => void>>;
let endorsers: Endorsers;
let silence: Silence;
beforeEach(() => {
  time = new FakeTime();
  silent = new Set();
  asked = [];
  onFound = vi.fn();
  endorsers = new Endorsers('OwnMSP', { config: () => Promise.reject(new Error('unused')) } as never, time);
  const evaluate = async (_call: unknown, options?: EvaluateOptions) => {
    expect(options).toMatchObject({ aside: true, deadlineMs: 3_000 });
    asked.push(options?.mspId ?? '');
    await new Promise(setImmediate); // others come meanwhile
    if (silent.has(options?.mspId ?? '')) throw grpcError(status.DEADLINE_EXCEEDED, '4 DEADLINE_EXCEEDED');
    if (options?.mspId === 'RefusingMSP') throw grpcError(status.UNAVAILABLE, '14 UNAVAILABLE');
    return new Uint8Array();
  };
  silence = new Silence({ mspId: 'OwnMSP', evaluate }, endorsers, time, onFound);
});

const among = (...named: string[]) => silence.among(named, CALL, time.now());

describe('the search for who keeps silent', () => {
  it('asks each alone, sets those aside that do not answer, and tells of them', async () => {
    silent.add('BMSP').add('CMSP');
    expect(await among('OwnMSP', 'BMSP', 'CMSP', 'RefusingMSP')).toEqual({
      mspIds: ['BMSP', 'CMSP'],
      isNews: true,
    });
    expect(asked).toEqual(['OwnMSP', 'BMSP', 'CMSP', 'RefusingMSP']);
    expect(['BMSP', 'CMSP', 'RefusingMSP'].map((mspId) => endorsers.isResting(mspId))).toEqual([
      true,
      true,
      false,
    ]);
    expect(onFound.mock.calls).toEqual([[['BMSP', 'CMSP']]]);
  });

  it('blames nobody if the own peer answers as little, though it was not to endorse', async () => {
    silent.add('OwnMSP').add('BMSP');
    expect(await among('BMSP', 'CMSP')).toEqual({ mspIds: [], isNews: false });
    expect(endorsers.isResting('BMSP')).toBe(false);
    expect(onFound).not.toHaveBeenCalled();
  });

  it.each<[string, string]>([
    ['nobody is found', 'OwnMSP'],
    ['somebody is', 'BMSP'],
  ])('is shared by all that got stuck, also where %s', async (_who, mspId) => {
    silent.add(mspId);
    const first = among('BMSP', 'CMSP');
    await Promise.resolve().then(() => Promise.resolve());
    const others = Array.from({ length: 50 }, (_, index) => among(index % 2 ? 'BMSP' : 'CMSP', 'DMSP'));
    await Promise.all([first, ...others]);
    expect(asked.filter((each) => each === 'OwnMSP').length).toBeLessThanOrEqual(2);
  });

  it('tells each of those that it named, whoever else they were searched with', async () => {
    silent.add('BMSP').add('CMSP');
    expect(await Promise.all([among('BMSP', 'DMSP'), among('CMSP'), among('DMSP')])).toEqual([
      { mspIds: ['BMSP'], isNews: true },
      { mspIds: ['CMSP'], isNews: true },
      { mspIds: [], isNews: false },
    ]);
  });

  it('is not made for those that are known; to have named them all the same is no news', async () => {
    silent.add('BMSP');
    const before = time.now();
    await among('BMSP');
    expect(await silence.among(['BMSP', 'CMSP'], CALL, before)).toEqual({ mspIds: ['BMSP'], isNews: true });
    time.advance(1_000);
    expect(await among('BMSP', 'CMSP')).toEqual({ mspIds: ['BMSP'], isNews: false });
    expect(asked).toEqual(['OwnMSP', 'BMSP']);
  });

  it('is made for those that rest for another reason', async () => {
    endorsers.setAside(['BMSP']);
    silent.add('CMSP');
    expect(await among('BMSP', 'CMSP')).toEqual({ mspIds: ['CMSP'], isNews: true });
  });

  it('is made again after the rest', async () => {
    silent.add('BMSP');
    await among('BMSP');
    time.advance(REST_MS);
    expect(await among('BMSP')).toEqual({ mspIds: ['BMSP'], isNews: true });
    expect(asked).toHaveLength(4);
    time.advance(2 * REST_MS - 1);
    expect(endorsers.isResting('BMSP')).toBe(true);
  });
});

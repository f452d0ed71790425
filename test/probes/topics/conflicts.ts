/** Held-back transactions whose reads are no longer true when they commit. */
import type { Json } from '../json.js';
import type { Probe, Topic } from '../probe.js';
import type { Stage } from '../stage.js';

type Call = readonly [name: string, ...args: string[]];

/** Holds a call back while others commit; its code and theirs. */
function after(setUp: readonly Call[], held: () => Call, meanwhile: readonly Call[]): Probe {
  return async (stage) => {
    for (const call of setUp) await run(stage, call);
    const [name, ...args] = held();
    const transaction = await stage.hold(name, args);
    const codes: string[] = [];
    for (const call of meanwhile) codes.push(await run(stage, call));
    return { meanwhile: codes, held: (await stage.release(transaction)).code };
  };
}

const run = (stage: Stage, [name, ...args]: Call): Promise<string> => stage.code(name, args);

/** A count of `<name>-a` … `<name>-y`, held back while something happens. */
const counting = (name: string, ...meanwhile: readonly Call[]): Probe =>
  after(
    [
      ['put', `${name}-b`, '1'],
      ['put', `${name}-d`, '1'],
    ],
    () => ['count', `${name}-a`, `${name}-y`, `counted-${name}`],
    meanwhile,
  );

/** Two calls in one block: their codes and what is left. */
function together(
  setUp: (key: string) => readonly Call[],
  first: (key: string) => Call,
  second: (key: string) => Call,
  read: (stage: Stage, key: string) => Promise<Json>,
): Probe {
  return async (stage) => {
    let key = '';
    const committed = await stage.releaseTogether(async (attempt) => {
      key = `together-${setUp('').length}-${first('')[0]}-${second('')[0]}-${attempt}-`;
      for (const call of setUp(key)) await run(stage, call);
      const calls = [first(key), second(key)];
      return Promise.all(calls.map(([name, ...args]) => stage.hold(name, args)));
    });
    return { codes: committed.map(({ code }) => code), left: await read(stage, key) };
  };
}

export const conflicts: Topic = {
  'read: of a key written meanwhile': after(
    [['increment', 'mvcc-written']],
    () => ['increment', 'mvcc-written'],
    [['increment', 'mvcc-written']],
  ),
  'read: of a key written meanwhile with the same value': after(
    [['put', 'mvcc-same', '1']],
    () => ['increment', 'mvcc-same'],
    [['put', 'mvcc-same', '1']],
  ),
  'read: of a key deleted meanwhile': after(
    [['put', 'mvcc-deleted', '1']],
    () => ['increment', 'mvcc-deleted'],
    [['remove', 'mvcc-deleted']],
  ),
  'read: of a missing key created meanwhile': after([], () => ['increment', 'mvcc-created'], [
    ['put', 'mvcc-created', '1'],
  ]),
  'read: of a key created and deleted meanwhile': after([], () => ['increment', 'mvcc-gone'], [
    ['put', 'mvcc-gone', '1'],
    ['remove', 'mvcc-gone'],
  ]),
  'read: of a key whose policy was set meanwhile': after(
    [['put', 'mvcc-policy', '1']],
    () => ['increment', 'mvcc-policy'],
    [['own', 'mvcc-policy', 'Org1MSP']],
  ),
  'read: of a key that nobody touched': after(
    [['put', 'mvcc-untouched', '1']],
    () => ['increment', 'mvcc-untouched'],
    [['put', 'mvcc-other', '1']],
  ),
  'write: blind, meanwhile written': after([], () => ['put', 'mvcc-blind', 'held'], [
    ['put', 'mvcc-blind', 'meanwhile'],
  ]),
  'read: without a write, of a key written meanwhile': after(
    [['put', 'mvcc-reader', '1']],
    () => ['get', 'mvcc-reader'],
    [['put', 'mvcc-reader', '2']],
  ),
  'range: a key inserted meanwhile': counting('phantom-inserted', ['put', 'phantom-inserted-c', '1']),
  'range: a key deleted meanwhile': counting('phantom-deleted', ['remove', 'phantom-deleted-b']),
  'range: a key changed meanwhile': counting('phantom-changed', ['put', 'phantom-changed-d', '2']),
  'range: a key inserted at its start': counting('phantom-start', ['put', 'phantom-start-a', '1']),
  'range: a key inserted at its end': counting('phantom-end', ['put', 'phantom-end-y', '1']),
  'range: a key inserted beyond its end': counting('phantom-beyond', ['put', 'phantom-beyond-z', '1']),
  'range: a key inserted and deleted meanwhile': counting(
    'phantom-passing',
    ['put', 'phantom-passing-c', '1'],
    ['remove', 'phantom-passing-c'],
  ),
  'range: empty, a key inserted meanwhile': after(
    [],
    () => ['count', 'phantom-empty-a', 'phantom-empty-y', 'counted-phantom-empty'],
    [['put', 'phantom-empty-c', '1']],
  ),
  'range: of many keys, untouched': after(
    [['putMany', 'phantom-many-', '130']],
    () => ['count', 'phantom-many-', 'phantom-many-~', 'counted-phantom-many'],
    [['put', 'phantom-other', '1']],
  ),
  'range: of many keys, the last one changed meanwhile': after(
    [['putMany', 'phantom-hashed-', '130']],
    () => ['count', 'phantom-hashed-', 'phantom-hashed-~', 'counted-phantom-hashed'],
    [['put', 'phantom-hashed-00129', 'changed']],
  ),
  'range: read as a page, a key inserted meanwhile': after(
    [['put', 'phantom-page-b', '1']],
    () => ['page', 'phantom-page-a', 'phantom-page-y', '5', ''],
    [['put', 'phantom-page-c', '1']],
  ),
  'block: two updates of one key': together(
    (key) => [['put', key, '1']],
    (key) => ['increment', key],
    (key) => ['increment', key],
    (stage, key) => stage.evaluate('get', key),
  ),
  'block: two blind writes of one key': together(
    () => [],
    (key) => ['put', key, 'first'],
    (key) => ['put', key, 'second'],
    (stage, key) => stage.evaluate('get', key),
  ),
  'block: a key inserted into a range counted behind it': together(
    (key) => [['put', `${key}a`, '1']],
    (key) => ['put', `${key}b`, '1'],
    (key) => ['count', key, `${key}~`, `counted-${key}`],
    (stage, key) => stage.evaluate('get', `counted-${key}`),
  ),
  'block: a range counted before a key is inserted into it': together(
    (key) => [['put', `${key}a`, '1']],
    (key) => ['count', key, `${key}~`, `counted-${key}`],
    (key) => ['put', `${key}b`, '1'],
    (stage, key) => stage.evaluate('get', `counted-${key}`),
  ),
  'block: a deletion before a write': together(
    (key) => [['put', key, 'before']],
    (key) => ['remove', key],
    (key) => ['put', key, 'after'],
    (stage, key) => stage.evaluate('get', key),
  ),
};

/** Ranges, composite keys, pages, history. */
import { outcome } from '../failure.js';
import type { Json } from '../json.js';
import type { Topic } from '../probe.js';
import type { Stage } from '../stage.js';

/** Characters that UTF-16 sorts differently from UTF-8: U+FF5E before U+1F600, but its surrogates after. */
const CHARACTERS = ['z', 'Z', '0', 'ä', '\uff5e', '\u{1f600}', '~', 'é'];

const five = async (stage: Stage, prefix: string): Promise<void> => {
  await stage.submit('putMany', [prefix, '5']);
};

const page = async (stage: Stage, prefix: string, size: string, bookmark = ''): Promise<Json> =>
  outcome(stage.json('page', prefix, `${prefix}~`, size, bookmark));

export const ranges: Topic = {
  'range: in the order of UTF-8 bytes': async (stage) => {
    for (const character of CHARACTERS) await stage.submit('put', [`utf8-${character}`, 'x']);
    return stage.json('range', 'utf8-', 'utf8-\u{10ffff}');
  },
  'range: start included, end excluded': async (stage) => {
    await five(stage, 'bounds-');
    return stage.json('range', 'bounds-00001', 'bounds-00003');
  },
  'range: end before start': (stage) => outcome(stage.json('range', 'b', 'a')),
  'range: end is start': (stage) => outcome(stage.json('range', 'bounds-00001', 'bounds-00001')),
  'range: nothing in it': (stage) => stage.json('range', 'nothing-here-', 'nothing-here-~'),
  'range: an open start': async (stage) => {
    await stage.submit('put', ['!open', 'x']);
    return stage.json('range', '', '"');
  },
  'range: an open end': async (stage) => {
    await stage.submit('put', ['\u{1f9ff}open', 'x']);
    return stage.json('range', '\u{1f9ff}', '');
  },
  'range: a bound that only composite keys have': (stage) =>
    outcome(stage.json('range', '\u0000composite', '\u0000composite~')),
  'range: more than one batch': async (stage) => {
    await stage.submit('putMany', ['batch-', '210']);
    const all = (await stage.json('range', 'batch-', 'batch-~')) as readonly { key: string }[];
    return [all.length, all[0]!.key, all[100]!.key, all[209]!.key];
  },
  'range: a transaction does not see its own write': async (stage) => {
    await five(stage, 'own-range-');
    const { result } = await stage.submit('putAndRange', [
      'own-range-00002x',
      'y',
      'own-range-',
      'own-range-~',
    ]);
    return JSON.parse(result) as Json;
  },
  'composite: all of a type, in order': async (stage) => {
    for (const parts of ['b,1', 'a,2', 'a,10', 'a,1']) await stage.submit('composite', ['type', parts]);
    return stage.json('compositeRange', 'type', '');
  },
  'composite: by the first part': (stage) => stage.json('compositeRange', 'type', 'a'),
  'composite: by a part that begins the same': async (stage) => {
    await stage.submit('composite', ['begins', 'ab,1']);
    return stage.json('compositeRange', 'begins', 'a');
  },
  'composite: not in an open range': async (stage) => {
    const found = (await stage.json('range', '', '#')) as readonly { key: string }[];
    return found.some(({ key }) => key.includes('type'));
  },
  'composite: an empty part': async (stage) => {
    const code = await outcome(stage.code('composite', ['empty', ',x']));
    return [code, await stage.json('compositeRange', 'empty', '')];
  },
  'composite: a part with a zero character': (stage) =>
    outcome(stage.code('composite', ['zero', 'a\u0000b'])),
  'composite: no type': (stage) => outcome(stage.code('composite', ['', 'a'])),
  'page: the first': async (stage) => {
    await five(stage, 'page-');
    return page(stage, 'page-', '2');
  },
  'page: the next': (stage) => page(stage, 'page-', '2', 'page-00002'),
  'page: the last, not full': (stage) => page(stage, 'page-', '2', 'page-00004'),
  'page: as large as the range': (stage) => page(stage, 'page-', '5'),
  'page: larger than the range': (stage) => page(stage, 'page-', '50'),
  'page: nothing in it': (stage) => page(stage, 'no-page-', '2'),
  'page: of size 0': (stage) => page(stage, 'page-', '0'),
  'page: of a negative size': (stage) => page(stage, 'page-', '-1'),
  'page: a bookmark that is no key': (stage) => page(stage, 'page-', '2', 'page-00001x'),
  'page: a bookmark before the range': (stage) => page(stage, 'page-', '2', 'a'),
  'page: a bookmark beyond the range': (stage) => page(stage, 'page-', '2', 'page-~~'),
  'page: in a transaction that writes nothing': async (stage) => {
    const { code, result } = await stage.submit('page', ['page-', 'page-~', '2', '']);
    return [code, JSON.parse(result) as Json];
  },
  'page: before a write': (stage) => outcome(stage.code('pageAndPut', ['page-', 'page-~', 'page-target'])),
  'page: before a write, evaluated': (stage) =>
    outcome(stage.evaluate('pageAndPut', 'page-', 'page-~', 'page-target')),
  'history: newest first, with a deletion': async (stage) => {
    const ids: string[] = [];
    const steps: [string, ...string[]][] = [['put', 'one'], ['put', 'two'], ['remove'], ['put', 'three']];
    for (const [name, ...args] of steps)
      ids.push((await stage.submit(name, ['history-key', ...args])).transactionId);
    const entries = (await stage.json('history', 'history-key')) as readonly { txId: string }[];
    return entries.map(({ txId, ...entry }) => ({ ...entry, transaction: ids.indexOf(txId) }));
  },
  'history: of a key that never was': (stage) => stage.json('history', 'history-never'),
  'history: without what was invalid': async (stage) => {
    await stage.submit('put', ['history-invalid', 'valid']);
    await stage.submit('put', ['history-invalid', 'invalid'], { endorsers: [1] });
    const entries = (await stage.json('history', 'history-invalid')) as readonly { value: string }[];
    return entries.map(({ value }) => value);
  },
  'history: of a key that begins another': async (stage) => {
    await stage.submit('put', ['history-begin', '1']);
    await stage.submit('put', ['history-begins', '2']);
    const entries = (await stage.json('history', 'history-begin')) as readonly { value: string }[];
    return entries.map(({ value }) => value);
  },
  'history: in a transaction that writes': async (stage) => {
    const { code } = await stage.submit('history', ['history-begin']);
    return code;
  },
  'history: a policy alone is a change too': async (stage) => {
    await stage.submit('put', ['history-policy', '1']);
    await stage.submit('own', ['history-policy', 'Org1MSP']);
    const entries = (await stage.json('history', 'history-policy')) as readonly { value: string }[];
    return entries.map(({ value }) => value);
  },
};

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Answers, etagOf } from './answers.js';
import type { Changes } from './changes.js';
import type { Question } from './question.js';

const MEMBER: Question = { transaction: 'members:get', input: { id: 'm-1' }, role: 'auditor' };
const resolution = (id: string): Question => ({
  transaction: 'resolutions:get',
  input: { id },
  role: 'auditor',
});
const LIST: Question = { transaction: 'resolutions:list', input: { limit: 50 }, role: 'auditor' };
const NOON = Date.parse('2026-03-01T12:00:00Z');

/** A peer that answers when a test lets it. */
function started({ capacity = 100_000, at = { ms: NOON } } = {}) {
  const blocks = { current: true };
  const answers = new Answers(blocks, capacity, () => at.ms);
  const asked: string[] = [];
  const ask = async (question: Question, value: unknown = 'now') => {
    const { bytes } = await answers.ask(question, () => {
      asked.push(question.transaction);
      return Promise.resolve(Buffer.from(JSON.stringify(value)));
    });
    return JSON.parse(bytes.toString()) as unknown;
  };
  const see = (changes: Changes) => answers.see(() => changes);
  return { blocks, answers, asked, ask, see };
}

describe('Answers', () => {
  it('asks once for what no block changes', async () => {
    const { ask, asked } = started();
    expect(await ask(MEMBER, 'first')).toBe('first');
    expect(await ask(MEMBER, 'second')).toBe('first');
    expect(asked).toHaveLength(1);
  });

  it('has the same question that is under way answered once', async () => {
    const { ask, asked } = started();
    expect(await Promise.all([ask(MEMBER, 1), ask(MEMBER, 2)])).toEqual([1, 1]);
    expect(asked).toHaveLength(1);
  });

  it('never answers one role with what was answered to another', async () => {
    const { ask } = started();
    await ask(MEMBER, 'for auditors');
    expect(await ask({ ...MEMBER, role: 'board' }, 'for the board')).toBe('for the board');
  });

  it('drops on ballots what shows them, and nothing else', async () => {
    const { ask, see } = started();
    for (const question of [MEMBER, resolution('a'), resolution('b'), LIST]) await ask(question, 'before');
    see(new Set(['a']));
    expect(await ask(MEMBER, 'after')).toBe('before');
    expect(await ask(resolution('b'), 'after')).toBe('before');
    expect(await ask(resolution('a'), 'after')).toBe('after');
    expect(await ask(LIST, 'after')).toBe('after');
  });

  it('drops everything on any other block', async () => {
    const { ask, see, answers } = started();
    for (const question of [MEMBER, LIST]) await ask(question, 'before');
    see('everything');
    expect(answers.size).toBe(0);
    expect(await ask(MEMBER, 'after')).toBe('after');
  });

  it.each([
    ['another block', MEMBER, 'everything' as const],
    ['a ballot on it', resolution('a'), new Set(['a'])],
    ['a ballot on one of a list', LIST, new Set(['a'])],
  ])('neither keeps nor hands on an answer that %s came into', async (_what, question, changes) => {
    const { answers, ask, see } = started();
    let answer = (_bytes: Uint8Array): void => undefined;
    const early = answers.ask(question, () => new Promise((resolve) => (answer = resolve)));
    see(changes);
    expect(await ask(question, 'after')).toBe('after');
    answer(Buffer.from('"before"'));
    await early;
    expect(await ask(question, 'later')).toBe('after');
  });

  it('serves nothing while the peer has blocks that have not come, or the stream is broken', async () => {
    const { blocks, ask } = started();
    await ask(MEMBER, 'before');
    blocks.current = false;
    expect(await ask(MEMBER, 'meanwhile')).toBe('meanwhile');
  });

  it('keeps no failure', async () => {
    const { answers, ask } = started();
    await expect(answers.ask(MEMBER, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await ask(MEMBER, 'back')).toBe('back');
  });

  it('asks again for an open resolution from its deadline on, and keeps nothing after it', async () => {
    const at = { ms: NOON };
    const { ask } = started({ at });
    const open = (deadline: string) => ({ status: 'open', decidable: false, deadline });
    const due = { items: [open('2026-03-01T12:20:00.000Z'), open('2026-03-01T12:00:05.000Z')] };
    await ask(LIST, due);
    at.ms = NOON + 4_999;
    expect(await ask(LIST, 'early')).toEqual(due);
    at.ms = NOON + 5_000;
    expect(await ask(LIST, due)).toEqual(due);
    expect(await ask(LIST, 'decidable')).toBe('decidable');
  });

  it('keeps nothing across the beginning of a legal day, wherever it is', async () => {
    const at = { ms: NOON - 1 };
    const { ask } = started({ at });
    await ask(MEMBER, 'member');
    at.ms = NOON;
    expect(await ask(MEMBER, 'former')).toBe('former');
  });

  it('never keeps open points, which are a matter of the day', async () => {
    const { ask } = started();
    const points: Question = { transaction: 'members:openPoints', input: { limit: 50 }, role: 'board' };
    await ask(points, 1);
    expect(await ask(points, 2)).toBe(2);
  });

  it('stays within its room, forgetting first what was asked for least recently', async () => {
    const { answers, ask } = started({ capacity: 10_000 });
    const member = (index: number) => ({ ...MEMBER, input: { id: `m-${index}` } });
    for (let index = 0; index < 100; index += 1) {
      await ask(member(index), 'x'.repeat(200));
      await ask(member(0), 'again');
      expect(answers.size).toBeLessThanOrEqual(10_000);
    }
    expect(await ask(member(0), 'again')).toBe('x'.repeat(200));
    expect(await ask(member(1), 'again')).toBe('again');
    await ask(member(200), 'x'.repeat(5_000));
    expect(await ask(member(200), 'too large to keep')).toBe('too large to keep');
  });

  it('tags content, whatever the block', () => {
    expect(etagOf(Buffer.from('{"a":1}'))).toBe(etagOf(Buffer.from('{"a":1}')));
    expect(etagOf(Buffer.from('{"a":1}'))).not.toBe(etagOf(Buffer.from('{"a":2}')));
  });
});

/** What may happen, in any order: the peer commits, its blocks arrive, reads begin and end, the stream breaks. */
type Step =
  | { readonly kind: 'commit'; readonly to: 'a' | 'b' | 'register' }
  | { readonly kind: 'arrive' | 'evaluate' | 'answer' | 'break' | 'resume' | 'told' }
  | { readonly kind: 'ask'; readonly of: number };

const QUESTIONS = [MEMBER, resolution('a'), resolution('b'), LIST];
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('ask' as const), of: fc.nat(QUESTIONS.length - 1) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('commit' as const),
      to: fc.constantFrom('a' as const, 'b' as const, 'register' as const),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('arrive' as const, 'evaluate' as const, 'answer' as const, 'told' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('break' as const, 'resume' as const) }) },
);

/** Of the peer's state: how often what a question shows was changed up to a block. */
const versionOf = (question: number, chain: readonly string[]): number =>
  chain.filter(
    (to) =>
      to === 'register' || (question === 1 && to === 'a') || (question === 2 && to === 'b') || question === 3,
  ).length;

describe('whatever the order of blocks and reads', () => {
  it('an answer is never older than the blocks that had reached the gateway when it was asked for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const chain: ('a' | 'b' | 'register')[] = [];
        let [handled, known, connected] = [0, 0, true];
        const blocks = {
          get current() {
            return connected && handled === known;
          },
        };
        const answers = new Answers(blocks, 100_000, () => NOON);
        const evaluations: { state?: number; evaluate: () => void; answer: () => void }[] = [];
        const results: Promise<void>[] = [];
        const ask = (of: number) => {
          const atLeast = versionOf(of, chain.slice(0, Math.max(handled, known)));
          const answered = answers.ask(
            QUESTIONS[of]!,
            () =>
              new Promise((resolve) => {
                const evaluation: (typeof evaluations)[number] = {
                  evaluate: () => (evaluation.state ??= versionOf(of, chain)),
                  answer: () => {
                    evaluation.evaluate();
                    resolve(Buffer.from(String(evaluation.state)));
                  },
                };
                evaluations.push(evaluation);
              }),
          );
          results.push(
            answered.then(({ bytes }) => expect(Number(bytes.toString())).toBeGreaterThanOrEqual(atLeast)),
          );
        };
        const acts: Record<Exclude<Step['kind'], 'ask' | 'commit'>, () => void> = {
          // The peer makes its answer, which is still on its way.
          evaluate: () => evaluations.find(({ state }) => state === undefined)?.evaluate(),
          answer: () => evaluations.shift()?.answer(),
          arrive: () => {
            const to = chain[handled];
            if (!connected || to === undefined) return;
            answers.see(() => (to === 'register' ? 'everything' : new Set([to])));
            handled += 1;
            known = Math.max(known, handled);
          },
          // Of a block that was learnt of otherwise, as by writing.
          told: () => (known = chain.length),
          break: () => {
            connected = false;
            answers.forget();
          },
          resume: () => (connected = true),
        };
        for (const each of steps) {
          if (each.kind === 'ask') ask(each.of);
          else if (each.kind === 'commit') chain.push(each.to);
          else acts[each.kind]();
          await new Promise(setImmediate);
        }
        for (const { answer } of evaluations) answer();
        await Promise.all(results);
      }),
      { numRuns: 300 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogger, type LogOptions } from './log.js';

const JWT = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJib2FyZCJ9.c2lnbmF0dXJl';
const KEY = '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----';

function logging(format: LogOptions['format'] = 'json') {
  const lines: string[] = [];
  const logger = createLogger({ level: 'trace', format }, { write: (line: string) => void lines.push(line) });
  return { logger, lines, told: () => JSON.parse(lines.at(-1)!) as Record<string, unknown> };
}

describe('the log', () => {
  it('has time, level and message, and what belongs to it', () => {
    const { logger, told } = logging();
    logger.warn({ height: 7n, memberId: 'itdz-berlin' }, 'behind');
    expect(told()).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
      height: '7',
      memberId: 'itdz-berlin',
      msg: 'behind',
    });
  });

  it.each(['json', 'text'] as const)('holds no secret, wherever one is put (%s)', (format) => {
    const { logger, lines } = logging(format);
    const secrets = { pin: '98765432', authorization: `Bearer ${JWT}`, body: { choice: 'no-secret-vote' } };
    logger.info(
      { ...secrets, inner: { 'set-cookie': 'no-cookie', clientSecret: 'no-client-secret' } },
      'at the top',
    );
    logger.info({ deep: [{ privateKey: KEY, access_token: 'no-access-token' }] }, 'within');
    logger.error({ err: Object.assign(new Error(`refused ${JWT}`), { config: secrets }) }, 'in an error');
    logger.error(
      { err: new Error('outside', { cause: new Error(`inside ${KEY}`) }) },
      `said: Bearer abcdef.ghi, ${KEY}`,
    );
    logger.error({ uri: 'pkcs11:token=a?pin-value=98765432' }, 'in a URI');
    const all = lines.join('');
    for (const secret of ['98765432', 'eyJ', 'no-', 'MIGH', 'abcdef', 'choice'])
      expect(all).not.toContain(secret);
    expect(all).toContain('refused');
    expect(all).toContain('inside');
  });

  it('has one line for whatever is told, with nothing that a terminal acts on', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })),
        fc.constantFrom('json' as const, 'text' as const),
        (message, about, format) => {
          const { logger, lines } = logging(format);
          logger.info({ about, text: `${message}\n{"level":"error"}\u202e\u001b[2J\u2028` }, message);
          expect(lines).toHaveLength(1);
          expect(lines[0]!.endsWith('\n')).toBe(true);
          expect(lines[0]!.slice(0, -1)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
          if (format === 'json') JSON.parse(lines[0]!);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is read by people as time, level, message and the rest', () => {
    const { logger, lines } = logging('text');
    logger.info({ route: '/api/v1/members', status: 200 }, 'request');
    expect(lines[0]).toMatch(/^\S+Z INFO {2}request route="\/api\/v1\/members" status=200\n$/);
  });
});

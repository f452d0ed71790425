import { describe, expect, it } from 'vitest';
import { roleFor } from './caller.js';

const all = new Set(['representative', 'board', 'auditor'] as const);
const caller = (...roles: ('representative' | 'board' | 'auditor')[]) => ({ roles });

describe('roleFor', () => {
  it('takes the role that the act needs among those of the token', () => {
    expect(roleFor(caller('board', 'representative'), 'vote', ['representative'], all)).toBe(
      'representative',
    );
    expect(roleFor(caller('board', 'representative'), 'decide', ['board', 'representative'], all)).toBe(
      'board',
    );
  });

  it('refuses a token whose roles may not', () => {
    expect(() => roleFor(caller('auditor'), 'vote', ['representative'], all)).toThrow(
      expect.objectContaining({
        code: 'role-not-allowed',
        data: { act: 'vote', roles: ['representative'] },
      }),
    );
  });

  it('refuses a token that gives no role here', () => {
    expect(() => roleFor(caller(), 'read', ['auditor'], all)).toThrow(
      expect.objectContaining({ code: 'forbidden' }),
    );
    expect(() => roleFor(caller('board'), 'read', ['board'], new Set(['auditor']))).toThrow(
      expect.objectContaining({ code: 'forbidden' }),
    );
  });
});

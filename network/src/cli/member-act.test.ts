import { Problem } from 'umlauf-client';
import { describe, expect, it } from 'vitest';
import { accessOf } from './gateway-access.js';
import { describe as inOneLine } from './member-act.js';
import { table } from './table.js';

const problem = (code: string, title: string, data?: Record<string, unknown>) =>
  new Problem({ type: `urn:umlauf:problem:${code}`, title, status: 400, ...(data ? { data } : {}) });

describe('a problem in one line', () => {
  it('names each field that is wrong, and what is allowed there', () => {
    const issues = [
      { path: 'title', message: 'must not be empty' },
      { path: 'effects.0.kind', message: 'is unknown' },
    ];
    expect(inOneLine(problem('invalid-input', 'The input is malformed', { issues, more: 0 }))).toBe(
      'invalid-input: The input is malformed (title: must not be empty; effects.0.kind: is unknown)',
    );
  });

  it('tells the data of others', () => {
    const data = { resource: 'resolution', status: 'open', allowed: ['proposed', 'open'] };
    expect(inOneLine(problem('wrong-status', 'Not in this status', data))).toBe(
      'wrong-status: Not in this status (resource resolution; status open; allowed proposed, open)',
    );
    expect(inOneLine(problem('forbidden', 'No role'))).toBe('forbidden: No role');
  });
});

describe('which gateway', () => {
  const home = '/nowhere';
  it.each([
    ['nothing', {}, /--gateway and --token .* or --as MEMBER/],
    ['a gateway without a token', { gateway: 'http://localhost:1' }, /--gateway and --token/],
    ['a path', { gateway: 'localhost', token: 'x' }, /^localhost: is not the URL of a gateway/],
    ['another scheme', { gateway: 'ftp://localhost', token: 'x' }, /is not the URL/],
    [
      'a role for a token',
      { gateway: 'http://localhost:1', token: 'x', role: 'board' as const },
      /--role needs --as/,
    ],
    ['a home where nothing runs', { as: 'itdz-berlin' }, /no consortium is running in \/nowhere/],
  ])('can not be told by %s', (_what, options, message) => {
    expect(() => accessOf({ home, ...options }, 'board')).toThrow(message);
  });

  it('is told by its URL, with or without a path', () => {
    expect(accessOf({ home, gateway: 'https://gateway.example/api/v1', token: 'x' }, 'board')).toEqual({
      url: 'https://gateway.example',
      token: 'x',
    });
  });
});

it('makes columns as wide as what is in them', () => {
  expect(
    table(
      ['A', 'LONGER'],
      [
        ['wide one', ''],
        ['b', 'c'],
      ],
    ),
  ).toBe('A         LONGER\nwide one\nb         c');
});

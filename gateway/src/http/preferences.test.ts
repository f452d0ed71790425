import { describe, expect, it } from 'vitest';
import { preferences } from './preferences.js';

describe('preferences', () => {
  it.each([
    [undefined, { respondAsync: false }],
    ['', { respondAsync: false }],
    ['respond-async', { respondAsync: true }],
    ['Respond-Async, wait=5', { respondAsync: true, waitMs: 5_000 }],
    ['wait = "7" ; x=1, return=minimal,respond-async; y', { respondAsync: true, waitMs: 7_000 }],
    ['wait=1, wait=2', { respondAsync: false, waitMs: 1_000 }],
    ['wait=3600', { respondAsync: false, waitMs: 60_000 }],
    ['wait=-1, wait=x, respond-async=no', { respondAsync: false }],
    [',,;=, "respond-async"', { respondAsync: false }],
  ])('reads %j', (header, expected) => {
    expect(preferences(header)).toEqual(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { LEDGER, blockOf, eventsIn } from '../testing/events.js';
import { eventOf } from './ledger-event.js';

describe('eventOf', () => {
  it('makes an envelope of CloudEvents 1.0', () => {
    const [, event] = eventsIn(blockOf(12, ['r-0'], ['r-1']));
    expect(JSON.parse(event!.json)).toEqual({
      specversion: '1.0',
      id: 'tx-12-1-0',
      source: 'urn:umlauf:ledger:main:umlauf',
      type: 'umlauf.v1.ballot.cast',
      subject: 'resolutions/r-1',
      time: '2021-03-01T00:00:12.000Z',
      dataschema: 'urn:umlauf:fact:v1:ballot.cast',
      datacontenttype: 'application/json',
      transactionid: 'tx-12-1',
      blocknumber: '12',
      position: '12-1-0',
      data: {},
    });
    // Names of attributes: lower-case letters and digits alone (CloudEvents 1.0, 3.1).
    for (const name of Object.keys(JSON.parse(event!.json) as object))
      expect(name).toMatch(/^[a-z0-9]{1,20}$/);
  });

  it('is one line in a stream, whatever the ledger holds', () => {
    const [event] = eventsIn(blockOf(1, ['r\n\ndata: x\r']));
    const lines = event!.frame.toString().split(/\r\n|\r|\n/);
    expect(lines.map((line) => line.split(':')[0])).toEqual(['id', 'data', '', '']);
  });

  it.each([
    ['member.joined', 'members/x'],
    ['effect.failed', 'resolutions/x'],
    ['foundation.held', 'foundations/x'],
    ['bylaws.in-force', 'bylaws/x'],
  ])('knows what %s is about', (type, resource) => {
    const where = { transactionId: 't', blockNumber: 1n, transaction: 0, index: 0, timestampMs: 0 };
    expect(eventOf({ type, id: 'x', data: {}, ...where }, LEDGER).resource).toBe(resource);
  });
});

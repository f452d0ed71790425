import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSigner, proposeChange, signatureState, signConfigUpdate } from 'umlauf-channel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeSignatures } from './describe.js';
import { adding, testChannel, type TestChannel } from './testing/channel.js';
import { mergeUpdates, readUpdate, withSignature, writeUpdate } from './update-file.js';

let folder: string;
let made: TestChannel;
let update: Uint8Array;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'umlauf-update-'));
  made = await testChannel(4, 4);
  update = proposeChange(made.channel, adding(made.materials[4]!));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string) => join(folder, name);
const sign = (index: number, bytes = update) => {
  const { admin, mspId } = made.materials[index]!;
  return signConfigUpdate(bytes, createSigner(admin, mspId));
};
const fresh = () => ({ channel: 'umlauf', summary: ['adds M4MSP'], update, signatures: [] });
const signers = (name: string) => {
  const { signatures } = readUpdate(file(name));
  return signatureState(made.channel, update, signatures).members.signed;
};

describe('the file of an update', () => {
  it('keeps update and signatures as they are', () => {
    writeUpdate(file('kept'), { ...fresh(), signatures: [sign(0)] });
    const read = readUpdate(file('kept'));
    expect(Buffer.from(read.update).equals(update)).toBe(true);
    expect(signers('kept')).toEqual(['M0MSP']);
    expect(read.summary).toEqual(['adds M4MSP']);
  });

  it('holds one signature of each administrator, the latest', () => {
    const twice = withSignature(withSignature(fresh(), sign(0)), sign(0));
    expect(twice.signatures).toHaveLength(1);
    expect(withSignature(twice, sign(1)).signatures).toHaveLength(2);
  });

  it('is put together from the copies that each member signed', () => {
    writeUpdate(file('one'), withSignature(fresh(), sign(1)));
    writeUpdate(file('two'), withSignature(fresh(), sign(2)));
    expect(mergeUpdates([file('one'), file('two')]).signatures).toHaveLength(2);
    const other = proposeChange(made.channel, { kind: 'remove', mspId: 'M3MSP' });
    writeUpdate(file('other'), { ...fresh(), update: other });
    expect(() => mergeUpdates([file('one'), file('other')])).toThrow(/another update than .*one/);
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', 'umlauf', /is no JSON/],
    ['something else', '{}', /is no update of this version/],
    [
      'another version',
      JSON.stringify({
        format: 'umlauf.config-update',
        version: 2,
        channel: '',
        summary: [],
        update: 'AA==',
        signatures: [],
      }),
      /version/,
    ],
    [
      'an unknown field',
      JSON.stringify({
        format: 'umlauf.config-update',
        version: 1,
        channel: '',
        summary: [],
        update: 'AA==',
        signatures: [],
        note: '',
      }),
      /note/,
    ],
    [
      'a malformed signature',
      JSON.stringify({
        format: 'umlauf.config-update',
        version: 1,
        channel: '',
        summary: [],
        update: 'AA==',
        signatures: ['/////w=='],
      }),
      /signature 1 is malformed/,
    ],
  ])('is refused when it is %s', (_, text, expected) => {
    writeFileSync(file('refused'), text);
    expect(() => readUpdate(file('refused'))).toThrow(expected);
    expect(() => readUpdate(file('refused'))).toThrow(file('refused'));
  });

  it('is one that people can read', () => {
    writeUpdate(file('read'), fresh());
    expect(readFileSync(file('read'), 'utf8')).toMatch(
      /^\{\n {2}"format": "umlauf.config-update",\n {2}"version": 1,/,
    );
  });
});

describe('signatures in plain words', () => {
  it('tell who signed, who is missing, and which count for nothing', () => {
    const elsewhere = sign(3, Buffer.from('another update'));
    const some = describeSignatures(signatureState(made.channel, update, [sign(0), elsewhere])).join('\n');
    expect(some).toContain('of 1 members (3 needed) and 1 orderers (3 needed): M0MSP.');
    expect(some).toContain('A signature of M3MSP counts for nothing: it is not over this update');
    expect(some).toContain('Still to sign, as many as are needed: M1MSP, M2MSP, M3MSP');
    const enough = signatureState(made.channel, update, [sign(0), sign(1), sign(2)]);
    expect(describeSignatures(enough).at(-1)).toBe('These are enough: umlauf org submit.');
  });
});

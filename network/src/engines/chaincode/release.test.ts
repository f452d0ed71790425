import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../user-error.js';
import { builderConfig, serviceAddress, socketAddress } from './package.js';
import { findRelease, makeRelease } from './release.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'umlauf-release-'));
  mkdirSync(join(root, 'chaincode', 'dist'), { recursive: true });
  writeFileSync(join(root, 'chaincode', 'package.json'), '{"version":"0.1.0","files":["dist"]}');
  writeFileSync(join(root, 'chaincode', 'package-lock.json'), '{}');
  writeFileSync(join(root, 'chaincode', 'dist', 'index.js'), '');
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const make = () => makeRelease(join(root, 'chaincode'), join(root, 'staged'));

describe('a release', () => {
  it('has a package that every member computes alike', () => {
    const { code, package: made } = make();
    expect(made.id).toBe(`${code.label}:6dbb73659aab0ab6484912ef929c43e14699b016d35b3a0003f5b5451a0ae657`);
    expect(make().package.id).toBe(made.id);
  });

  it('is found again by the id of its package, whatever was built meanwhile', () => {
    const { package: made } = make();
    writeFileSync(join(root, 'chaincode', 'dist', 'index.js'), 'exports.n = 1;');
    expect(make().package.id).not.toBe(made.id);
    expect(findRelease(made.id, join(root, 'staged')).package.id).toBe(made.id);
  });

  it('is refused once its code was touched', () => {
    const { package: made, folder } = make();
    writeFileSync(join(folder, 'dist', 'index.js'), 'exports.backdoor = true;');
    expect(() => findRelease(made.id, join(root, 'staged'))).toThrow(/was changed/);
  });

  it('is missed by name', () => {
    expect(() => findRelease('umlauf_9_0:00', join(root, 'staged'))).toThrow(UserError);
  });
});

describe('the package', () => {
  it("leaves each organization's address to templates that its builder fills", () => {
    const { code, package: made } = make();
    const inner = gunzipSync(gunzipSync(made.bytes).subarray(512, 512 + 4096 * 4)).toString();
    const connection = JSON.parse(/\{"address".*?"\}/s.exec(inner)?.[0] ?? '') as Record<string, unknown>;
    const address = serviceAddress('-----BEGIN CERTIFICATE-----\n…');
    const filled = String(connection['address'])
      .replace('{{.prefix}}', address.prefix)
      .replace('{{.suffix}}', address.suffix);
    expect(filled).toBe(socketAddress(code.hash));
    expect(connection).toMatchObject({ tls_required: true, root_cert: '{{.rootCertificate}}' });
    for (const [, key = ''] of JSON.stringify(connection).matchAll(/\{\{\.(\w+)\}\}/g))
      expect(JSON.parse(builderConfig(address))).toHaveProperty(key);
  });

  it("finds another member's service beside its own folder", () => {
    expect(serviceAddress('…', '../itdz-berlin').prefix).toMatch(/^unix:\.\.\/itdz-berlin\//);
  });
});

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readChaincode } from '../../chaincode/code.js';
import {
  ChaincodeServerError,
  checkLabel,
  formatServerOptions,
  parseServerOptions,
  shimArguments,
  socketFile,
} from './server-command.js';

let code: string;
beforeEach(() => {
  code = mkdtempSync(join(tmpdir(), 'umlauf-server-'));
  mkdirSync(join(code, 'dist'));
  writeFileSync(join(code, 'package.json'), '{"version":"0.1.0","files":["dist"]}');
  writeFileSync(join(code, 'package-lock.json'), '{}');
  writeFileSync(join(code, 'dist', 'index.js'), '');
});
afterEach(() => {
  rmSync(code, { recursive: true, force: true });
});

const OPTIONS = {
  code: '/somewhere/code',
  label: 'umlauf_0.1.0_0123456789abcdef',
  packageId: 'umlauf_0.1.0_0123456789abcdef:00',
  address: 'unix:sockets/0123456789abcdef.sock',
  tlsCertificate: '/tls/server.crt',
  tlsKey: '/tls/server.key',
};

describe('a chaincode service', () => {
  it('runs the code that its label names', () => {
    const { label } = readChaincode(code);
    expect(() => checkLabel({ code, label })).not.toThrow();
  });

  it('refuses code that was changed after its approval', () => {
    const { label } = readChaincode(code);
    writeFileSync(join(code, 'dist', 'index.js'), 'exports.backdoor = true;');
    expect(() => checkLabel({ code, label })).toThrow(ChaincodeServerError);
  });

  it('refuses other dependencies than approved', () => {
    const { label } = readChaincode(code);
    cpSync(join(code, 'package.json'), join(code, 'package-lock.json'));
    expect(() => checkLabel({ code, label })).toThrow(ChaincodeServerError);
  });

  it('reads back the arguments that it is started with', () => {
    expect(parseServerOptions(formatServerOptions(OPTIONS))).toEqual(OPTIONS);
  });

  it('names every argument that is missing', () => {
    expect(() => parseServerOptions(['--code', '/c', '--label', 'l'])).toThrow(
      /packageId, address, tlsCertificate, tlsKey/,
    );
  });

  it('hands the package id to the shim, so that peers recognise what they dial', () => {
    const args = shimArguments(OPTIONS);
    expect(args[args.indexOf('--chaincode-id') + 1]).toBe(OPTIONS.packageId);
  });

  it('knows a socket from a port', () => {
    expect(socketFile(OPTIONS.address)).toBe('sockets/0123456789abcdef.sock');
    expect(socketFile('localhost:9999')).toBeUndefined();
  });
});

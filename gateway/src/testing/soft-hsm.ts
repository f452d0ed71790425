/** A hardware security module in software (SoftHSM), where it and `pkcs11js` are installed. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LIBRARIES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
];

function hasBinding(): boolean {
  try {
    createRequire(import.meta.url)('pkcs11js');
    return true;
  } catch {
    return false;
  }
}

const library = LIBRARIES.find((path) => existsSync(path));

/** Why there is none here, and what to do about it; `undefined` if there is one. */
export const missingHsm: string | undefined =
  library === undefined
    ? 'SoftHSM is not installed: apt-get install softhsm2'
    : hasBinding()
      ? undefined
      : 'pkcs11js is not compiled: .ci/pkcs11js';

/** A token with a PIN. */
export interface SoftToken {
  readonly library: string;
  readonly token: string;
  readonly pin: string;
  /** @param privateKey PEM (PKCS #8). */
  add(privateKey: string, keyId: string): void;
  remove(): void;
}

/** Makes a token in a folder of its own. The library reads where once in a process: all tokens of one process lie there. */
export function softToken(): SoftToken {
  const folder = mkdtempSync(join(tmpdir(), 'umlauf-hsm-'));
  mkdirSync(join(folder, 'tokens'));
  const config = join(folder, 'softhsm2.conf');
  writeFileSync(config, `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\n`);
  process.env['SOFTHSM2_CONF'] = config;
  const [token, pin] = ['umlauf', '98765432'];
  const util = (...options: string[]) => execFileSync('softhsm2-util', options, { stdio: 'pipe' });
  util('--init-token', '--free', '--label', token, '--pin', pin, '--so-pin', pin);
  return {
    library: library ?? '',
    token,
    pin,
    add(privateKey, keyId) {
      const file = join(folder, 'key.pem');
      writeFileSync(file, privateKey, { mode: 0o600 });
      util('--import', file, '--token', token, '--pin', pin, '--label', 'key', '--id', keyId);
      rmSync(file);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shipped } from './options.js';
import { settle } from './settle.js';

let folder: string;
let consortium: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'umlauf-settle-'));
  consortium = join(folder, 'consortium.yaml');
  copyFileSync(shipped('bylaws.yaml'), join(folder, 'bylaws.yaml'));
  writeFileSync(consortium, `here: [itdz-berlin]\n${readFileSync(shipped('consortium.yaml'), 'utf8')}`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a home whose consortium file has members on other machines', () => {
  const home = () => join(folder, 'home');

  it('is nothing for the embedded network, which is one process', async () => {
    await expect(settle({ home: home(), consortium })).rejects.toThrow(
      `${consortium}: bundesdruckerei, municipal-provider-1, municipal-provider-2, north-rhine-westphalia, bavaria: ` +
        'not listed under here, but the embedded network is one process',
    );
  });

  it("needs the channel's first block from one of them", async () => {
    await expect(settle({ home: home(), consortium, engine: 'fabric' })).rejects.toThrow(
      `${home()}: the channel's first block is not here: make it on one machine (umlauf genesis --out FILE)`,
    );
  });
});

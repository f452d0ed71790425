import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { build, type Rolldown } from 'vite';
import { expect, it } from 'vitest';

/** What Node and browsers both have, and nothing else. */
const WEB = {
  ...{ crypto, TextDecoder, TextEncoder, atob, btoa, fetch, setTimeout, URLSearchParams, Response, Headers },
  Uint8Array,
};

it('runs where there is nothing of Node', async () => {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: true,
      lib: {
        entry: fileURLToPath(new URL('index.ts', import.meta.url)),
        formats: ['iife'],
        name: 'umlauf',
        fileName: 'umlauf',
      },
    },
  });
  const { code } = ([built].flat()[0] as Rolldown.RolldownOutput).output[0];
  expect(code.length).toBeLessThan(100_000);

  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const context = createContext({ ...WEB, pem, id: randomUUID() });
  const signature = (await runInContext(
    `${code}; umlauf.privateKeyFromPem(pem).then((key) => umlauf.signWith(key)(new Uint8Array(3)))`,
    context,
  )) as Uint8Array;
  expect(signature[0]).toBe(0x30);
  expect(
    runInContext(
      `typeof umlauf.createClient({ url: 'https://gateway.example', token: id }).members.list`,
      context,
    ),
  ).toBe('function');
});

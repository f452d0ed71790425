import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { besideAddress } from './beside.js';

let folder: string;
let servers: Server[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'umlauf-beside-'));
  servers = [];
});
afterEach(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Listens in its own words where it is told to; returns when it is found at its address. */
async function serve(address: string, word: string): Promise<void> {
  const at = besideAddress(address).slice('unix:'.length);
  const server = createServer((socket) => {
    socket.on('data', () => socket.write(word)).on('error', () => undefined);
  });
  servers.push(server.listen(at));
  await once(server, 'listening');
  await vi.waitFor(() => expect(existsSync(at)).toBe(false));
}

function dial(address: string) {
  const socket = connect(address.slice('unix:'.length));
  return {
    end: () => socket.destroy(),
    ask: async () => {
      socket.write('?');
      const [answer] = (await once(socket, 'data')) as [Buffer];
      return answer.toString();
    },
  };
}

it('a service takes the place of one before it, which keeps whoever is connected', async () => {
  const address = `unix:${join(folder, 'sockets', 'code.sock')}`;
  await serve(address, 'old');
  const early = dial(address);
  expect(await early.ask()).toBe('old');
  await serve(address, 'new');
  const late = dial(address);
  expect([await early.ask(), await late.ask()]).toEqual(['old', 'new']);
  early.end();
  servers.shift()!.close();
  const later = dial(address);
  expect(await later.ask()).toBe('new');
  for (const each of [late, later]) each.end();
});

it('a port is listened on as it is', () => {
  expect(besideAddress('localhost:9999')).toBe('localhost:9999');
});

import { createServer, type Server } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListedMember } from '../consortium/schema.js';
import { UserError } from '../user-error.js';
import { openHome, type Home } from './home.js';
import { openPorts } from './ports.js';

let home: Home;
const servers: Server[] = [];
beforeEach(() => {
  home = openHome(mkdtempSync(join(tmpdir(), 'umlauf-ports-')));
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  home.close();
  rmSync(home.directory, { recursive: true, force: true });
});

const member = (id: string, ports: ListedMember['ports'] = {}) => ({ id, ports }) as ListedMember;
const occupy = (port: number) =>
  new Promise<void>((resolve, reject) => {
    const server = createServer();
    servers.push(server);
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });

describe('a port', () => {
  it('is the same at the next start', async () => {
    const port = await openPorts(home).choose(member('a'), 'peer');
    expect(await openPorts(home).choose(member('a'), 'peer')).toBe(port);
    expect(openPorts(home).kept(member('a'), 'peer')).toBe(port);
  });

  it('is the same when asked for again, even while it is in use', async () => {
    const ports = openPorts(home);
    const port = await ports.choose(member('a'), 'orderer', { fixed: true });
    await occupy(port);
    expect(await ports.choose(member('a'), 'orderer', { fixed: true })).toBe(port);
  });

  it('belongs to one purpose of one member', async () => {
    const ports = openPorts(home);
    const chosen = await Promise.all(
      ['a', 'b', 'c'].flatMap((id) => [
        ports.choose(member(id), 'peer'),
        ports.choose(member(id), 'gateway'),
        ports.choose(member(id), 'orderer-admin'),
      ]),
    );
    expect(new Set(chosen).size).toBe(chosen.length);
  });

  it('is another one if it was taken meanwhile', async () => {
    const port = await openPorts(home).choose(member('a'), 'peer-operations');
    await occupy(port);
    expect(await openPorts(home).choose(member('a'), 'peer-operations')).not.toBe(port);
  });

  it('is an error if it was taken meanwhile, but others know it', async () => {
    const port = await openPorts(home).choose(member('a'), 'orderer', { fixed: true });
    await occupy(port);
    const again = openPorts(home).choose(member('a'), 'orderer', { fixed: true });
    await expect(again).rejects.toThrow(UserError);
    await expect(again).rejects.toThrow(`port ${port}, by which others know the orderer of a, is taken`);
  });

  it('is an error if the consortium file names it and it is taken', async () => {
    const port = await openPorts(home).choose(member('a'), 'peer');
    await occupy(port);
    await expect(openPorts(home).choose(member('b', { peer: port }), 'peer')).rejects.toThrow(UserError);
  });
});

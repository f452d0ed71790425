import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connections } from './connections.js';

let connections: Connections;
let server: Server;
let client: Socket;
let received: string;
const answers = new Map<string, ServerResponse>();

beforeEach(async () => {
  answers.clear();
  received = '';
  connections = new Connections();
  server = createServer(
    connections.answered((request, response) => void answers.set(request.url ?? '', response)),
  );
  connections.watch(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.setEncoding('utf8').on('data', (text: string) => (received += text));
  await once(client, 'connect');
});
afterEach(async () => {
  client.destroy();
  connections.destroyAll();
  await new Promise((resolve) => server.close(resolve));
  await vi.waitFor(() => expect(connections.size).toBe(0));
});

async function ask(...urls: string[]): Promise<void> {
  client.write(urls.map((url) => `GET ${url} HTTP/1.1\r\nHost: x\r\n\r\n`).join(''));
  await vi.waitFor(() => expect([...answers.keys()]).toEqual(expect.arrayContaining(urls)));
}
const answer = (url: string) => answers.get(url)?.end(`answer ${url}`);
const receives = (text: string) => vi.waitFor(() => expect(received).toContain(text));

describe('a connection that is outdated', () => {
  it('ends with the answer under way, which says so', async () => {
    await ask('/1');
    connections.outdate();
    answer('/1');
    await once(client, 'end');
    expect(received).toMatch(/^Connection: close$/im);
    expect(received).toContain('answer /1');
  });

  it('ends with the last of several that are under way', async () => {
    await ask('/1', '/2', '/3');
    answer('/1');
    await receives('answer /1');
    connections.outdate();
    answer('/2');
    await receives('answer /2');
    answer('/3');
    await once(client, 'end');
    expect(received).toContain('answer /3');
    expect(received.match(/^Connection: close$/gim)).toHaveLength(1);
  });

  it('takes no other request', async () => {
    await ask('/1');
    connections.outdate();
    client.write('GET /2 HTTP/1.1\r\nHost: x\r\n\r\n');
    answer('/1');
    await once(client, 'end');
    expect([...answers.keys()]).toEqual(['/1']);
  });

  it('ends at the next request where none is under way', async () => {
    await ask('/1');
    answer('/1');
    await receives('answer /1');
    connections.outdate();
    client.write('GET /2 HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(client, 'end');
    expect([...answers.keys()]).toEqual(['/1']);
  });

  it('is none of those that come later', async () => {
    connections.outdate();
    client.destroy();
    await vi.waitFor(() => expect(connections.size).toBe(0));
    client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.setEncoding('utf8').on('data', (text: string) => (received += text));
    await ask('/1');
    answer('/1');
    await receives('answer /1');
    await ask('/2');
    answer('/2');
    await receives('answer /2');
  });
});

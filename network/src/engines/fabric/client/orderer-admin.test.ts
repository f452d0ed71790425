import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createOrganization, type OrganizationMaterial } from 'umlauf-channel';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OrdererAdmin, OrdererAdminError } from './orderer-admin.js';

let own: OrganizationMaterial;
let stranger: OrganizationMaterial;
let server: Server;
let channels: string[];
let answer: { status: number; body: string } | undefined;
let received: { contentType: string; body: Buffer } | undefined;

beforeAll(async () => {
  const create = (name: string) =>
    createOrganization({ mspId: `${name}MSP`, domain: `${name}.example`, hosts: [], users: [] });
  [own, stranger] = [await create('own'), await create('stranger')];
});

/** An orderer's participation interface, as far as it can be seen from outside. */
beforeEach(async () => {
  channels = [];
  answer = undefined;
  received = undefined;
  const { certificate: cert, privateKey: key } = own.orderer.tls;
  server = createServer(
    { cert, key, ca: own.tlsCa.certificate, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.once('end', () => {
        if (request.method === 'POST') {
          received = { contentType: request.headers['content-type'] ?? '', body: Buffer.concat(chunks) };
          response.writeHead(answer?.status ?? 201).end(answer?.body ?? '{}');
        } else {
          const list = channels.length === 0 ? null : channels.map((name) => ({ name, url: `…/${name}` }));
          response.writeHead(200).end(JSON.stringify({ systemChannel: null, channels: list }));
        }
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const admin = (shows = own.orderer.tls, trusts = own.tlsCa) =>
  new OrdererAdmin({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    tlsRootCertificates: trusts.certificate,
    ...shows,
  });

describe("an orderer's administrator", () => {
  it('lists the channels that it serves', async () => {
    expect(await admin().channels()).toEqual([]);
    channels = ['umlauf', 'other'];
    expect(await admin().channels()).toEqual(['umlauf', 'other']);
  });

  it('hands over the block as one file, byte for byte', async () => {
    const block = Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256));
    await admin().join('umlauf', block);
    const boundary = /boundary=(.+)$/.exec(received!.contentType)?.[1] ?? '';
    const text = received!.body.toString('latin1');
    const [, head = '', content = ''] =
      new RegExp(`^--${boundary}\r\n(.*?)\r\n\r\n(.*)\r\n--${boundary}--\r\n$`, 's').exec(text) ?? [];
    expect(head).toContain('name="config-block"');
    expect(Buffer.from(content, 'latin1').equals(block)).toBe(true);
  });

  it('leaves an orderer alone that serves the channel already', async () => {
    channels = ['umlauf'];
    await admin().join('umlauf', Buffer.from('block'));
    expect(received).toBeUndefined();
  });

  it('tells why an orderer refuses', async () => {
    answer = { status: 400, body: '{"error":"invalid join block"}' };
    const joining = admin().join('umlauf', Buffer.from('no block'));
    await expect(joining).rejects.toThrow(OrdererAdminError);
    await expect(joining).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('invalid join block') as string,
    });
  });

  it("is turned away with another organization's certificate, and turns a stranger's server away", async () => {
    await expect(admin(stranger.orderer.tls).channels()).rejects.toThrow();
    await expect(admin(own.orderer.tls, stranger.tlsCa).channels()).rejects.toThrow();
  });
});

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOrganization } from 'umlauf-channel';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ListedMember } from '../../../consortium/schema.js';
import { openHome, type Home } from '../../../home/home.js';
import type { LocalOrganization } from '../../../home/organizations.js';
import { openPorts, type Ports } from '../../../home/ports.js';
import { nodeEnvironment, type NodeContext } from './context.js';
import { fabricLayout } from './layout.js';
import { OrdererNode } from './orderer-node.js';
import { BUILDER_CONFIG } from './peer-config.js';
import { PeerNode } from './peer-node.js';
import type { ProcessSpec, Supervisor } from './processes.js';

let organization: LocalOrganization;
let home: Home;
let ports: Ports;
let started: ProcessSpec[];
let context: NodeContext;

beforeAll(async () => {
  const material = await createOrganization({
    mspId: 'ItdzBerlinMSP',
    domain: 'itdz-berlin.umlauf.example',
    hosts: [],
    users: [],
  });
  const member = { id: 'itdz-berlin', host: 'localhost', listen: '127.0.0.1', ports: {} } as ListedMember;
  organization = { member, material };
});
beforeEach(() => {
  home = openHome(mkdtempSync(join(tmpdir(), 'umlauf-nodes-')), { engine: 'fabric' });
  ports = openPorts(home);
  started = [];
  const supervisor = {
    start: (spec: ProcessSpec) => started.push(spec),
    isRunning: (name: string) => started.some((spec) => spec.name === name),
  };
  context = {
    channel: 'umlauf',
    layout: fabricLayout(home),
    ports,
    supervisor: supervisor as unknown as Supervisor,
    binaries: { version: 'v3.1.5', peer: '/f/peer', orderer: '/f/orderer', chaincodeBuilder: '/f/ccaas' },
    timeWindow: '30s',
    channelPeers: 4,
    peersHere: 4,
  };
});
afterEach(() => {
  home.close();
  rmSync(home.directory, { recursive: true, force: true });
});

const SERVICE = { prefix: 'unix:sockets/', suffix: '.sock', rootCertificate: 'PEM\n' };
const yaml = (spec: ProcessSpec, file: string) =>
  parse(readFileSync(join(spec.env['FABRIC_CFG_PATH']!, file), 'utf8')) as Record<string, never>;

describe('a peer', () => {
  it('is started on the configuration written for it', async () => {
    const peer = new PeerNode(organization, context);
    expect(peer.exists).toBe(false);
    const { port } = await peer.endpoint();
    await peer.start(SERVICE);
    expect(peer.exists).toBe(true);
    const [spec] = started;
    expect(spec).toMatchObject({ name: 'itdz-berlin.peer', command: '/f/peer', args: ['node', 'start'] });
    expect(yaml(spec!, 'core.yaml')).toMatchObject({
      peer: { listenAddress: `127.0.0.1:${port}`, address: `localhost:${port}`, localMspId: 'ItdzBerlinMSP' },
    });
    expect(JSON.parse(spec!.env[BUILDER_CONFIG]!)).toEqual(SERVICE);
    expect(await peer.address()).toEqual({
      endpoint: `localhost:${port}`,
      tlsRootCertificates: organization.material.tlsCa.certificate,
    });
  });

  it('is left as it is while it runs', async () => {
    const peer = new PeerNode(organization, context);
    await peer.start(SERVICE);
    rmSync(join(started[0]!.env['FABRIC_CFG_PATH']!, 'core.yaml'));
    await peer.start(SERVICE);
    expect(started).toHaveLength(1);
    expect(peer.exists).toBe(false);
  });

  it('keeps the address that others know, in another process too', async () => {
    const before = await new PeerNode(organization, context).endpoint();
    const later = new PeerNode(organization, { ...context, ports: openPorts(home) });
    expect(await later.endpoint()).toEqual(before);
  });
});

describe('an orderer', () => {
  it('has no place until it takes one, and keeps the port under which it did', async () => {
    const orderer = new OrdererNode(organization, context);
    expect(orderer.hasPlace).toBe(false);
    const port = await orderer.takePlace();
    expect(orderer.hasPlace).toBe(true);
    expect(started).toEqual([]);
    await orderer.start();
    expect(yaml(started[0]!, 'orderer.yaml')).toMatchObject({ General: { ListenPort: port } });
    expect(started[0]!.command).toBe('/f/orderer');
  });

  it('can lose its place', async () => {
    const orderer = new OrdererNode(organization, context);
    await orderer.takePlace();
    orderer.losePlace();
    expect(orderer.hasPlace).toBe(false);
    expect(existsSync(context.layout.member(organization).ordererConfig)).toBe(true);
  });
});

describe('the environment of a node', () => {
  it('leaves a node one thread for Go where many share the processors', () => {
    expect(nodeEnvironment({ peersHere: 18 }, 2)).toMatchObject({ GOMAXPROCS: '1' });
    expect(nodeEnvironment({ peersHere: 4 }, 2)).not.toHaveProperty('GOMAXPROCS');
    expect(nodeEnvironment({ peersHere: 18 }, 16)).not.toHaveProperty('GOMAXPROCS');
  });
});

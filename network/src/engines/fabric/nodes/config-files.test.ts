import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ordererConfigFile } from './orderer-config.js';
import { BUILDER_CONFIG, peerConfigFile, type PeerSettings } from './peer-config.js';

const crypto = (kind: string) => ({
  msp: `/home/${kind}/msp`,
  tlsCertificate: `/home/${kind}/tls/server.crt`,
  tlsKey: `/home/${kind}/tls/server.key`,
  tlsRoot: `/home/${kind}/tls/ca.crt`,
});

const PEER: PeerSettings = {
  id: 'itdz-berlin.peer',
  mspId: 'ItdzBerlinMSP',
  listenAddress: '127.0.0.1:7051',
  externalAddress: 'localhost:7051',
  operationsAddress: '127.0.0.1:9443',
  crypto: crypto('peer'),
  dataFolder: '/home/peer/data',
  chaincodeBuilder: '/fabric/builders/ccaas',
  timeWindow: '30s',
  channelPeers: 6,
};

type Tree = Record<string, unknown>;
const peer = (settings: Partial<PeerSettings> = {}) =>
  parse(peerConfigFile({ ...PEER, ...settings })) as Tree;
const orderer = () =>
  parse(
    ordererConfigFile({
      mspId: 'ItdzBerlinMSP',
      listenHost: '127.0.0.1',
      listenPort: 7050,
      adminAddress: '127.0.0.1:7053',
      operationsAddress: '127.0.0.1:8443',
      crypto: crypto('orderer'),
      dataFolder: '/home/orderer/data',
    }),
  ) as Tree;

/** The value at a path such as `peer.tls.enabled`. */
function at(tree: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => (node as Tree | undefined)?.[key], tree);
}

/** All values whose key matches, wherever they stand. */
function every(tree: unknown, key: RegExp): unknown[] {
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree as Tree).flatMap(([name, value]) => [
    ...(key.test(name) ? [value] : []),
    ...every(value, key),
  ]);
}

describe('core.yaml', () => {
  it('listens on loopback alone', () => {
    const addresses = every(peer(), /listenAddress$/i);
    expect(addresses).toHaveLength(3);
    for (const address of addresses) expect(address).toMatch(/^127\.0\.0\.1:/);
  });

  it('speaks TLS, and keeps keys where they are', () => {
    expect(at(peer(), 'peer.tls')).toMatchObject({
      enabled: true,
      cert: { file: PEER.crypto.tlsCertificate },
      key: { file: PEER.crypto.tlsKey },
      rootcert: { file: PEER.crypto.tlsRoot },
    });
    expect(at(peer(), 'peer.mspConfigPath')).toBe(PEER.crypto.msp);
  });

  it('checks the time of proposals, and by the given window', () => {
    expect(at(peer(), 'peer.authentication.timewindow')).toBe('30s');
    expect(at(peer(), 'peer.handlers.authFilters')).toContainEqual({ name: 'TimeWindowCheck' });
  });

  it('is found by other organizations at its external address', () => {
    expect(at(peer(), 'peer.gossip.externalEndpoint')).toBe('localhost:7051');
    expect(at(peer(), 'peer.address')).toBe('localhost:7051');
  });

  it("lets its own gateway's pings through", () => {
    expect(at(peer(), 'peer.keepalive.minInterval')).toBe('5s');
  });

  it('runs chaincode through the builder that takes services, and names no Docker', () => {
    expect(at(peer(), 'chaincode.externalBuilders')).toEqual([
      { name: 'ccaas_builder', path: '/fabric/builders/ccaas', propagateEnvironment: [BUILDER_CONFIG] },
    ]);
    expect(peer()).not.toHaveProperty('vm');
  });

  it('keeps state in LevelDB, with history', () => {
    expect(at(peer(), 'ledger.state.stateDatabase')).toBe('goleveldb');
    expect(at(peer(), 'ledger.history.enableHistoryDatabase')).toBe(true);
  });

  it('tells metrics to Prometheus', () => {
    expect(at(peer(), 'metrics.provider')).toBe('prometheus');
  });

  it('gossips often on a small channel, seldom on a large one, and is patient on a very large one', () => {
    const gossip = (channelPeers: number) => at(peer({ channelPeers }), 'peer.gossip');
    expect(gossip(6)).toMatchObject({
      publishStateInfoInterval: '1s',
      aliveTimeInterval: '1s',
      aliveExpirationTimeout: '120s',
    });
    expect(gossip(18)).toMatchObject({
      reconnectInterval: '2s',
      pullInterval: '10s',
      publishStateInfoInterval: '10s',
      requestStateInfoInterval: '10s',
      maxPropagationBurstLatency: '500ms',
      aliveTimeInterval: '5s',
      aliveExpirationTimeout: '120s',
    });
    expect(gossip(32)).toMatchObject({ aliveExpirationTimeout: '300s' });
  });

  it('fetches blocks from the orderers itself, and soon from another where one lacks what others have', () => {
    expect(at(peer(), 'peer.gossip')).toMatchObject({ useLeaderElection: false, orgLeader: true });
    const soon = 'peer.deliveryclient.blockCensorshipTimeoutKey';
    expect([at(peer({ channelPeers: 4 }), soon), at(peer({ channelPeers: 18 }), soon)]).toEqual(['2s', '5s']);
  });
});

describe('orderer.yaml', () => {
  it('listens on loopback alone', () => {
    const addresses = every(orderer(), /^ListenAddress$/);
    expect(addresses).toHaveLength(3);
    for (const address of addresses) expect(address).toMatch(/^127\.0\.0\.1(:|$)/);
    expect(at(orderer(), 'General.ListenPort')).toBe(7050);
  });

  it('shows its TLS certificate to the other orderers, by which they know it', () => {
    const { tlsCertificate, tlsKey } = crypto('orderer');
    expect(at(orderer(), 'General.Cluster')).toEqual({
      ClientCertificate: tlsCertificate,
      ClientPrivateKey: tlsKey,
    });
  });

  it("is administered over mutual TLS, by its own organization's certificates", () => {
    expect(at(orderer(), 'Admin.TLS')).toMatchObject({
      Enabled: true,
      ClientAuthRequired: true,
      ClientRootCAs: [crypto('orderer').tlsRoot],
    });
  });

  it("lets the pings of the peers' gateways through", () => {
    expect(at(orderer(), 'General.Keepalive.ServerMinInterval')).toBe('5s');
  });

  it('starts without a channel, keeps everything in its folder and tells metrics', () => {
    expect(at(orderer(), 'General.BootstrapMethod')).toBe('none');
    expect([at(orderer(), 'FileLedger.Location'), ...every(at(orderer(), 'Consensus'), /Dir$/)]).toEqual([
      '/home/orderer/data/ledger',
      '/home/orderer/data/wal',
      '/home/orderer/data/snapshots',
    ]);
    expect(at(orderer(), 'Metrics.Provider')).toBe('prometheus');
  });
});

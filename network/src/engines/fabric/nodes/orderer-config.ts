/**
 * An orderer's orderer.yaml. Fabric refuses unknown keys in it and has sound defaults for most of what isn't named here.
 */
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { NodeCrypto } from './layout.js';
import type { Address } from './peer-config.js';

export interface OrdererSettings {
  readonly mspId: string;
  /** Loopback, unless other machines are to reach it. */
  readonly listenHost: string;
  readonly listenPort: number;
  /** Channel participation, over mutual TLS: loopback. */
  readonly adminAddress: Address;
  /** Operations, health and metrics: loopback. */
  readonly operationsAddress: Address;
  readonly crypto: NodeCrypto;
  readonly dataFolder: string;
}

/** The file's content as a typed value; keys are Fabric's. */
function ordererConfig(settings: OrdererSettings) {
  const { crypto, dataFolder } = settings;
  const tls = {
    Enabled: true,
    Certificate: crypto.tlsCertificate,
    PrivateKey: crypto.tlsKey,
    RootCAs: [crypto.tlsRoot],
  };
  return {
    General: {
      ListenAddress: settings.listenHost,
      ListenPort: settings.listenPort,
      TLS: { ...tls, ClientAuthRequired: false, ClientRootCAs: [crypto.tlsRoot] },
      // Pings of the peers' gateways come more often than the default minimum of 60 s allows.
      Keepalive: { ServerMinInterval: '5s', ServerInterval: '7200s', ServerTimeout: '20s' },
      // BFT orderers know each other by their TLS certificates, so each must show one as client too.
      Cluster: { ClientCertificate: crypto.tlsCertificate, ClientPrivateKey: crypto.tlsKey },
      BootstrapMethod: 'none',
      LocalMSPDir: crypto.msp,
      LocalMSPID: settings.mspId,
      BCCSP: { Default: 'SW', SW: { Hash: 'SHA2', Security: 256 } },
    },
    FileLedger: { Location: join(dataFolder, 'ledger') },
    // BFT keeps its write-ahead log there as well.
    Consensus: { WALDir: join(dataFolder, 'wal'), SnapDir: join(dataFolder, 'snapshots') },
    Operations: { ListenAddress: settings.operationsAddress, TLS: { Enabled: false } },
    Metrics: { Provider: 'prometheus' },
    Admin: {
      ListenAddress: settings.adminAddress,
      TLS: { ...tls, ClientAuthRequired: true, ClientRootCAs: [crypto.tlsRoot] },
    },
    ChannelParticipation: { Enabled: true, MaxRequestBodySize: '16 MB' },
  };
}

export function ordererConfigFile(settings: OrdererSettings): string {
  return stringify(ordererConfig(settings));
}

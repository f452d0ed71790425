/** A running consortium as its clients load it: through REST, and through the bare Fabric Gateway client. */
import { common, peer } from '@hyperledger/fabric-protos';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Opening, Resolution } from 'umlauf-chaincode/api';
import { blockEnvelopes, readOrganization } from 'umlauf-channel';
import { call, loadConsortium, type GatewayAccess } from 'umlauf-network';
import { bareClient, endorsersOf, type BareClient } from '../harness/client.js';
import { recordOnly, shippedFile } from '../harness/consortium.js';
import { until } from '../harness/until.js';
import { Doubts } from './doubts.js';
import { perSecond } from './measure.js';

const CHAIR = 'bundesdruckerei';

export interface Ballot {
  readonly gateway: GatewayAccess;
  readonly id: string;
  readonly opening: Opening;
}

const VOTE = 'resolutions:vote';
/** Longer than a peer takes to turn to another orderer. */
const BEHIND_MS = 60_000;

/** How many resolutions are opened at a time: eighteen organizations on one machine bear few. */
const opensAtOnce = (organizations: number): number => (organizations > 8 ? 4 : 16);

/** The validation codes of a block's votes that didn't count; a vote is told by the name of its transaction. */
function invalidVotes(block: common.Block): number[] {
  const codes = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.TRANSACTIONS_FILTER];
  return blockEnvelopes(block).flatMap((envelope, index) => {
    const code = codes?.[index] ?? peer.TxValidationCode.NOT_VALIDATED;
    return code !== peer.TxValidationCode.VALID && Buffer.from(envelope).includes(VOTE) ? [code] : [];
  });
}

async function hasBlock(gateway: GatewayAccess, number: number): Promise<void> {
  const minBlock = String(number);
  await until(
    `${gateway.memberId} has block ${minBlock}`,
    () => call(gateway, 'auditor', 'GET', '/bylaws', { minBlock }).catch(() => undefined),
    { timeoutMilliseconds: BEHIND_MS },
  );
}

export class Load {
  /** Of all that is written here. */
  readonly doubts = new Doubts();
  private readonly clients = new Map<string, BareClient>();
  private readonly invalid: number[] = [];
  private counting: { close(): void } | undefined;

  private constructor(readonly gateways: readonly GatewayAccess[]) {}

  static async on(directory: string): Promise<Load> {
    const gateways = JSON.parse(readFileSync(join(directory, 'endpoints.json'), 'utf8')) as GatewayAccess[];
    const load = new Load(gateways);
    const ports = JSON.parse(readFileSync(join(directory, 'ports.json'), 'utf8')) as Record<
      string,
      { peer: number }
    >;
    for (const { memberId } of gateways) {
      const { tlsCa } = await readOrganization(join(directory, 'organizations', memberId));
      const access = {
        directory,
        description: loadConsortium(shippedFile('consortium.yaml')),
        gateway: (id: string) => gateways.find((gateway) => gateway.memberId === id)!,
        peer: () => ({
          endpoint: `localhost:${ports[memberId]!.peer}`,
          tlsRootCertificates: tlsCa.certificate,
        }),
      };
      load.clients.set(memberId, await bareClient(access, memberId, 'representative'));
    }
    return load;
  }

  /** Ballots to cast: those of all members but one on each of so many resolutions, which that doesn't decide. */
  async ballots(prefix: string, resolutions: number): Promise<Ballot[]> {
    const chair = this.gateways.find(({ memberId }) => memberId === CHAIR)!;
    const openings: { id: string; opening: Opening }[] = [];
    const blocks: number[] = [];
    await perSecond(
      Array.from({ length: resolutions }, (_, index) => `${prefix}-${index}`),
      opensAtOnce(this.gateways.length),
      async (id) => {
        await call(chair, 'board', 'POST', '/resolutions', {
          body: recordOnly(id, { majority: 'unanimous' }),
        });
        const opened = await call<Resolution>(chair, 'board', 'POST', `/resolutions/${id}/open`);
        openings.push({ id, opening: opened.body.opening! });
        blocks.push(Number(opened.blockNumber ?? 0));
      },
    );
    // The bare client doesn't wait for a peer that is behind, as a gateway does.
    await Promise.all(this.gateways.map((gateway) => hasBlock(gateway, Math.max(...blocks))));
    return this.gateways
      .slice(0, -1)
      .flatMap((gateway) => openings.map((opened) => ({ gateway, ...opened })));
  }

  restVote({ gateway, id }: Ballot): Promise<void> {
    const path = `/resolutions/${id}/ballot`;
    return this.doubts.counting(gateway, () =>
      call(gateway, 'representative', 'PUT', path, { body: { choice: 'yes' } }),
    );
  }

  /** An ordinary transaction, under the chaincode's policy: a majority of the organizations. No gateway acts upon it. */
  announce(id: string, gateway: GatewayAccess): Promise<void> {
    const body = { id, title: { de: 'Mitteilung' }, text: { de: 'Die Mitglieder arbeiten zusammen.' } };
    return this.doubts.counting(gateway, () => call(gateway, 'board', 'POST', '/announcements', { body }));
  }

  bareVote({ gateway, id, opening }: Ballot): Promise<void> {
    return this.doubts.counting(gateway, () =>
      this.clients.get(gateway.memberId)!.contract.submit('resolutions:vote', {
        arguments: [JSON.stringify({ id, choice: 'yes' })],
        endorsingOrganizations: endorsersOf(opening, gateway.mspId),
      }),
    );
  }

  evaluate(memberId: string, transaction: string, input: unknown): Promise<Uint8Array> {
    return this.clients.get(memberId)!.contract.evaluate(transaction, { arguments: [JSON.stringify(input)] });
  }

  /** Counts the votes that are committed as invalid from now on. */
  startCounting(): void {
    const network = this.clients.get(CHAIR)!.gateway.getNetwork('umlauf');
    void (async () => {
      const events = await network.getBlockEvents();
      this.counting = events;
      for await (const block of events) this.invalid.push(...invalidVotes(block));
    })().catch(() => undefined);
  }

  conflicts(): number {
    return this.invalid.filter(
      (code) =>
        code === peer.TxValidationCode.MVCC_READ_CONFLICT ||
        code === peer.TxValidationCode.PHANTOM_READ_CONFLICT,
    ).length;
  }

  close(): void {
    this.counting?.close();
    for (const client of this.clients.values()) client.close();
  }
}

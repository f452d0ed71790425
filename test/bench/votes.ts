import { peer } from '@hyperledger/fabric-protos';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Opening, Resolution } from 'umlauf-chaincode/api';
import { readOrganization } from 'umlauf-channel';
import { call, loadConsortium, type GatewayAccess } from 'umlauf-network';
import { bareClient, endorsersOf, type BareClient } from '../harness/client.js';
import { umlauf } from '../harness/command.js';
import { recordOnly, shippedFile } from '../harness/consortium.js';
import { oneByOne, percentile, perSecond, type Figure } from './measure.js';

const IN_FLIGHT = 64;
const CHAIR = 'bundesdruckerei';

interface Ballot {
  readonly gateway: GatewayAccess;
  readonly id: string;
  readonly opening: Opening;
}

/** Votes through REST beside the bare client with the same signer, on one network in another process. */
export async function votes(quick: boolean): Promise<Figure[]> {
  const sequential = quick ? 20 : 60;
  const parallel = quick ? 60 : 200;
  const directory = mkdtempSync(join(tmpdir(), 'umlauf-bench-'));
  const start = umlauf('start', '--home', directory);
  try {
    await start.shows('Stop with Ctrl-C');
    const gateways = JSON.parse(readFileSync(join(directory, 'endpoints.json'), 'utf8')) as GatewayAccess[];
    const bench = await Bench.open(directory, gateways);
    try {
      const restOneByOne = await bench.ballots('rest-seq', sequential);
      const bareOneByOne = await bench.ballots('bare-seq', sequential);
      const restParallel = await bench.ballots('rest-par', parallel);
      const bareParallel = await bench.ballots('bare-par', parallel);
      bench.startCounting();
      await oneByOne(bareOneByOne.slice(0, sequential), (ballot) => bench.bareVote(ballot)); // warms both sides up
      await oneByOne(restOneByOne.slice(0, sequential), (ballot) => bench.restVote(ballot));
      const bareTimes = await oneByOne(bareOneByOne.slice(sequential), (ballot) => bench.bareVote(ballot));
      const restTimes = await oneByOne(restOneByOne.slice(sequential), (ballot) => bench.restVote(ballot));
      const restRate = await perSecond(restParallel, IN_FLIGHT, (ballot) => bench.restVote(ballot));
      const bareRate = await perSecond(bareParallel, IN_FLIGHT, (ballot) => bench.bareVote(ballot));
      const conflicts = bench.conflicts();
      const [rest50, bare50] = [percentile(restTimes, 0.5), percentile(bareTimes, 0.5)];
      return [
        { name: 'vote, one after the other, REST, p50', value: rest50, unit: 'ms', target: { atMost: 25 } },
        { name: 'vote, one after the other, REST, p95', value: percentile(restTimes, 0.95), unit: 'ms' },
        { name: 'vote, one after the other, bare client, p50', value: bare50, unit: 'ms' },
        { name: 'vote, one after the other, REST − bare client, p50', value: rest50 - bare50, unit: 'ms' },
        {
          name: `votes, ${IN_FLIGHT} in flight, REST`,
          value: restRate,
          unit: 'committed/s',
          target: { atLeast: 200 },
        },
        { name: `votes, ${IN_FLIGHT} in flight, bare client`, value: bareRate, unit: 'committed/s' },
        { name: `votes, ${IN_FLIGHT} in flight, REST ÷ bare client`, value: restRate / bareRate, unit: '' },
        {
          name: 'conflicts (codes 11 and 12) among all these votes',
          value: conflicts,
          unit: '',
          target: { atMost: 0 },
        },
      ];
    } finally {
      bench.close();
    }
  } finally {
    start.process.kill('SIGINT');
    await start.exit;
    rmSync(directory, { recursive: true, force: true });
  }
}

class Bench {
  private readonly clients = new Map<string, BareClient>();
  private readonly invalid: number[] = [];
  private counting: { close(): void } | undefined;

  private constructor(private readonly gateways: readonly GatewayAccess[]) {}

  static async open(directory: string, gateways: readonly GatewayAccess[]): Promise<Bench> {
    const bench = new Bench(gateways);
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
      bench.clients.set(memberId, await bareClient(access, memberId, 'representative'));
    }
    return bench;
  }

  /** Ballots to cast: three members' on each of so many resolutions, which three votes don't decide. */
  async ballots(prefix: string, resolutions: number): Promise<Ballot[]> {
    const chair = this.gateways.find(({ memberId }) => memberId === CHAIR)!;
    const openings: { id: string; opening: Opening }[] = [];
    await perSecond(
      Array.from({ length: resolutions }, (_, index) => `${prefix}-${index}`),
      16,
      async (id) => {
        await call(chair, 'board', 'POST', '/resolutions', {
          body: recordOnly(id, { majority: 'unanimous' }),
        });
        const { body } = await call<Resolution>(chair, 'board', 'POST', `/resolutions/${id}/open`);
        openings.push({ id, opening: body.opening! });
      },
    );
    return this.gateways.slice(0, 3).flatMap((gateway) => openings.map((opened) => ({ gateway, ...opened })));
  }

  restVote({ gateway, id }: Ballot): Promise<unknown> {
    return call(gateway, 'representative', 'PUT', `/resolutions/${id}/ballot`, { body: { choice: 'yes' } });
  }

  async bareVote({ gateway, id, opening }: Ballot): Promise<void> {
    await this.clients.get(gateway.memberId)!.contract.submit('resolutions:vote', {
      arguments: [JSON.stringify({ id, choice: 'yes' })],
      endorsingOrganizations: endorsersOf(opening, gateway.mspId),
    });
  }

  /** Counts the transactions that are committed as invalid from now on. */
  startCounting(): void {
    const network = this.clients.get(CHAIR)!.gateway.getNetwork('umlauf');
    void (async () => {
      const events = await network.getFilteredBlockEvents();
      this.counting = events;
      for await (const block of events)
        for (const transaction of block.getFilteredTransactionsList())
          if (transaction.getTxValidationCode() !== peer.TxValidationCode.VALID)
            this.invalid.push(transaction.getTxValidationCode());
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

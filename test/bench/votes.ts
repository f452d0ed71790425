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
import { harmonicMean, oneByOne, percentile, perSecond, type Figure } from './measure.js';

const IN_FLIGHT = 64;
/** Of three ballots each. */
const PARALLEL_RESOLUTIONS = 120;
const SEQUENTIAL_RESOLUTIONS = 12;
const CHAIR = 'bundesdruckerei';

interface Ballot {
  readonly gateway: GatewayAccess;
  readonly id: string;
  readonly opening: Opening;
}

/**
 * Votes through REST beside the bare client with the same signer, on one network in another process. Both sides take
 * turns, and each has a turn that doesn't count before: what is measured is a network that has been running for a while.
 */
export async function votes(quick: boolean): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'umlauf-bench-'));
  const start = umlauf('start', '--home', directory);
  try {
    await start.shows('Stop with Ctrl-C');
    const gateways = JSON.parse(readFileSync(join(directory, 'endpoints.json'), 'utf8')) as GatewayAccess[];
    const bench = await Bench.open(directory, gateways);
    try {
      return await compare(bench, quick);
    } finally {
      bench.close();
    }
  } finally {
    start.process.kill('SIGINT');
    await start.exit;
    rmSync(directory, { recursive: true, force: true });
  }
}

async function compare(bench: Bench, quick: boolean): Promise<Figure[]> {
  const sides = {
    rest: { vote: (ballot: Ballot) => bench.restVote(ballot), times: [] as number[], rates: [] as number[] },
    bare: { vote: (ballot: Ballot) => bench.bareVote(ballot), times: [] as number[], rates: [] as number[] },
  };
  const turns: { side: keyof typeof sides; counts: boolean; parallel: Ballot[]; sequential: Ballot[] }[] = [];
  for (const round of Array.from({ length: (quick ? 2 : 4) + 1 }, (_, index) => index))
    for (const side of ['rest', 'bare'] as const)
      turns.push({
        side,
        counts: round > 0,
        parallel: await bench.ballots(`${side}-parallel-${round}`, PARALLEL_RESOLUTIONS),
        sequential: await bench.ballots(`${side}-sequential-${round}`, SEQUENTIAL_RESOLUTIONS),
      });
  bench.startCounting();
  for (const { side, counts, parallel, sequential } of turns) {
    const { vote, times, rates } = sides[side];
    const rate = await perSecond(parallel, IN_FLIGHT, vote);
    const taken = await oneByOne(sequential, vote);
    if (!counts) continue;
    rates.push(rate);
    times.push(...taken);
  }
  return figures(sides, bench.conflicts());
}

type Measured = Record<'rest' | 'bare', { readonly times: number[]; readonly rates: number[] }>;

function figures({ rest, bare }: Measured, conflicts: number): Figure[] {
  const [rest50, bare50] = [percentile(rest.times, 0.5), percentile(bare.times, 0.5)];
  const [restRate, bareRate] = [harmonicMean(rest.rates), harmonicMean(bare.rates)];
  return [
    { name: 'vote, one after the other, REST, p50', value: rest50, unit: 'ms', target: { atMost: 25 } },
    { name: 'vote, one after the other, REST, p95', value: percentile(rest.times, 0.95), unit: 'ms' },
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

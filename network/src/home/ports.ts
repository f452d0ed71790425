/** Ports that the consortium file leaves open are free ones, kept so that addresses stay the same at the next start. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { z } from 'zod';
import type { ListedMember } from '../consortium/schema.js';
import { UserError } from '../user-error.js';
import { readJson, writeAtomically } from './files.js';
import type { Home } from './home.js';

const PORT_KINDS = [
  'peer',
  'gateway',
  'peer-operations',
  'orderer',
  'orderer-admin',
  'orderer-operations',
] as const;
export type PortKind = (typeof PORT_KINDS)[number];

/**
 * Ports are taken from below those that systems give to outgoing connections (from 32768 on Linux, 49152 elsewhere):
 * between choosing and listening, or while a node is down, another process's connection would else come by the very
 * same.
 */
const LOWEST = 20_000;
const EPHEMERAL = 32_768;
const MOST_TRIES = 100;

const Kept = z.record(z.string(), z.partialRecord(z.enum(PORT_KINDS), z.int()));

export interface PortOptions {
  /** Others know the port kept from an earlier start, so no other will do. Default: false. */
  readonly fixed?: boolean;
}

export interface Ports {
  /**
   * The port to listen on.
   * @throws UserError if the consortium file names it, or it is fixed, and it is taken
   */
  choose(member: ListedMember, kind: PortKind, options?: PortOptions): Promise<number>;
  /** The port of an earlier choice, whether or not it is free now. */
  kept(member: ListedMember, kind: PortKind): number | undefined;
}

export function openPorts(home: Pick<Home, 'path'>): Ports {
  const file = home.path('ports.json');
  const kept = Kept.safeParse(readJson(file)).data ?? {};
  const claimed = new Map<number, string>();
  const claim = async (port: number, owner: string): Promise<boolean> => {
    const other = claimed.get(port);
    if (other !== undefined) return other === owner;
    if ((await probe(port)) === undefined || claimed.has(port)) return false;
    claimed.set(port, owner);
    return true;
  };
  const keptByAny = (port: number) =>
    Object.values(kept).some((ports) => Object.values(ports).includes(port));
  const claimFree = async (owner: string): Promise<number> => {
    for (let tries = 0; ; tries++) {
      const port = tries < MOST_TRIES ? randomInt(LOWEST, EPHEMERAL) : await probe(0);
      if (port !== undefined && !keptByAny(port) && (await claim(port, owner))) return port;
    }
  };
  return {
    async choose(member, kind, { fixed = false } = {}) {
      const owner = `${member.id}.${kind}`;
      const listed = listedPort(member, kind);
      if (listed !== undefined) {
        if (!(await claim(listed, owner)))
          throw new UserError(
            `port ${listed}, which the consortium file gives to ${member.id} (ports.${kind}), is taken`,
          );
        return listed;
      }
      const before = kept[member.id]?.[kind];
      const again = before !== undefined && (await claim(before, owner));
      if (fixed && before !== undefined && !again)
        throw new UserError(`port ${before}, by which others know the ${kind} of ${member.id}, is taken`);
      const port = again ? before : await claimFree(owner);
      kept[member.id] = { ...kept[member.id], [kind]: port };
      writeAtomically(file, JSON.stringify(kept));
      return port;
    },
    kept: (member, kind) => listedPort(member, kind) ?? kept[member.id]?.[kind],
  };
}

/** The ports that members keep, or the consortium file gives them, and that somebody uses. */
export async function portsInUse(
  home: Pick<Home, 'path'>,
  members: readonly ListedMember[],
): Promise<{ readonly memberId: string; readonly kind: PortKind; readonly port: number }[]> {
  const ports = openPorts(home);
  const all = members.flatMap((member) =>
    PORT_KINDS.flatMap((kind) => {
      const port = ports.kept(member, kind);
      return port === undefined ? [] : [{ memberId: member.id, kind, port }];
    }),
  );
  const free = await Promise.all(all.map(({ port }) => probe(port)));
  return all.filter((_, index) => free[index] === undefined);
}

/** The port that the consortium file gives. */
function listedPort({ ports }: ListedMember, kind: PortKind): number | undefined {
  return kind === 'peer' || kind === 'orderer' || kind === 'gateway' ? ports[kind] : undefined;
}

/** The port if it is free (0: any free one), undefined if it is taken. */
function probe(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}

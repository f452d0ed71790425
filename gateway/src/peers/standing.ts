/** How a peer stands, whichever is in use: judged as readiness judges the one in use. */
import type { FabricWay } from '../fabric/way.js';
import { ReadinessCheck } from '../readiness.js';

/** How a peer stands. */
export interface Standing {
  /** Whether it and its chaincode answer. */
  readonly answers: boolean;
  /** Whether blocks reach it besides, and other members' peers answer through it. */
  readonly ready: boolean;
  /** How many blocks it has. */
  readonly height: bigint;
}

const NO_ANSWER: Standing = { answers: false, ready: false, height: 0n };
const AGAIN_MS = 100;

/** Asks one peer. Never rejects. @param way To that peer alone; closed in the end. */
export async function standing(way: FabricWay): Promise<Standing> {
  const { client, channel, lookup } = way;
  const check = new ReadinessCheck({
    own: client.mspId,
    channel,
    lookup,
    blocks: { connected: true, reached: (block, withinMs) => reaches(way, block, withinMs) },
    readContract: () =>
      client.evaluate(
        { transaction: 'members:whoAmI', arguments: ['{}'], role: undefined },
        { deadlineMs: ASK_MS },
      ),
  });
  try {
    const { ready, missing, height } = await check.check();
    const answers = !missing.some((each) => each === 'own-peer' || each === 'chaincode');
    return answers && height !== undefined ? { answers, ready, height } : NO_ANSWER;
  } catch {
    return NO_ANSWER;
  } finally {
    client.close();
  }
}

const ASK_MS = 2_000;

/** Whether a peer gets a block in time. */
async function reaches({ lookup }: FabricWay, block: bigint, withinMs: number): Promise<boolean> {
  for (const until = Date.now() + withinMs; ;) {
    if ((await lookup.height(undefined, ASK_MS)) > block) return true;
    if (Date.now() >= until) return false;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

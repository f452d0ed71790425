/** What must be so before a member's gateway can be relied on. */
import { METADATA_CALL } from '../chaincode/metadata-call.js';
import { START_TIMEOUT_MS } from './nodes/context.js';
import type { Member } from './member.js';
import { until } from './wait.js';

const LOOK_MS = 100;

/**
 * Calls the chaincode at a member's own peer: that its service can't be reached shows only then, not when it is
 * installed, approved or committed.
 * @throws DeadlineError with the peer's reason
 */
export async function callOnce(
  { administrator, peer }: Member,
  channel: string,
  chaincode: string,
  signal?: AbortSignal,
): Promise<void> {
  await until(() => administrator.endorser.query({ channel, chaincode, args: [METADATA_CALL] }), {
    what: `${chaincode} to answer at ${peer.name}`,
    deadlineMs: START_TIMEOUT_MS,
    everyMs: LOOK_MS,
    signal,
  });
}

/**
 * Waits until a member's peer knows a peer of each of these organizations that runs the chaincode: its gateway takes
 * endorsers from nowhere else (internal/pkg/gateway/registry.go).
 * @throws DeadlineError naming the organizations that it doesn't know
 */
export async function knowsEndorsers(
  { administrator, peer }: Member,
  channel: string,
  chaincode: string,
  mspIds: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  await until(
    async () => {
      const peers = await administrator.discovery.peers(channel);
      const able = new Set(
        peers.flatMap(({ mspId, chaincodes }) => (chaincodes.includes(chaincode) ? [mspId] : [])),
      );
      const missing = mspIds.filter((mspId) => !able.has(mspId));
      if (missing.length > 0) throw new Error(`not yet known: ${missing.join(', ')}`);
      return true;
    },
    { what: `${peer.name} to know the others`, deadlineMs: 2 * START_TIMEOUT_MS, everyMs: LOOK_MS, signal },
  );
}

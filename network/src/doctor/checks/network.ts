import { isOtherCode } from '../../engines/chaincode/code.js';
import type { NetworkFacts } from '../facts.js';
import { remedyOf } from '../open-point.js';
import { ok, unknown, wrong, wrongOr, type Finding } from '../finding.js';

/** Blocks come in every 200 ms: a node that lacks more than a few while it is asked doesn't follow. */
const BLOCKS_BEHIND = 10;

/**
 * Whether a running network is sound.
 * @param skewMs by how much endorsers let a proposal's timestamp be off their own clock (the bylaws' skew)
 */
export function checkNetwork(facts: NetworkFacts, skewMs: number): Finding[] {
  return [
    ...checkClocks(facts, skewMs),
    ...wrongOr(nodeFindings(facts), ok('nodes', nodesText(facts))),
    ...wrongOr(acquaintanceFindings(facts), acquaintanceText(facts)),
    ...wrongOr(gatewayFindings(facts), ok('gateways', `${facts.gateways.length} are ready`)),
    ...chaincodeFindings(facts),
    ...registerFindings(facts),
  ];
}

/**
 * Whether this machine's clock agrees with others: by what they show, and by the newest block, which no honest client
 * can have stamped with a time that is yet to come.
 */
export function checkClocks(
  facts: Pick<NetworkFacts, 'clocks' | 'newestBlockAheadMs'>,
  skewMs: number,
): Finding[] {
  return wrongOr(clockFindings(facts, skewMs), ok('clocks', `within ${skewMs / 1000} s`));
}

function clockFindings(
  { clocks, newestBlockAheadMs }: Pick<NetworkFacts, 'clocks' | 'newestBlockAheadMs'>,
  skewMs: number,
): Finding[] {
  const remedy = 'have both machines keep time (NTP): endorsers refuse proposals from beyond the skew';
  const findings = clocks.flatMap(({ name, aheadMs }) => {
    if (aheadMs === undefined)
      return [wrong('clocks', `${name} does not answer`, 'check the address and the connection')];
    if (Math.abs(aheadMs) <= skewMs) return [];
    const seconds = Math.round(Math.abs(aheadMs) / 1000);
    return [
      wrong('clocks', `${name} is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine`, remedy),
    ];
  });
  if (newestBlockAheadMs !== undefined && newestBlockAheadMs > skewMs)
    findings.push(
      wrong(
        'clocks',
        `the newest transaction is from ${Math.round(newestBlockAheadMs / 1000)} s in this machine's future`,
        remedy,
      ),
    );
  return findings;
}

function nodeFindings({ peers, orderers }: NetworkFacts): Finding[] {
  const named = [
    ...peers.map((peer) => ({ ...peer, name: `the peer of ${peer.memberId}` })),
    ...orderers.map((orderer) => ({ ...orderer, name: `the orderer of ${orderer.memberId}` })),
  ];
  const highest = Math.max(0, ...named.map(({ height }) => height ?? 0));
  return named.flatMap(({ name, height }) => {
    if (height === undefined) return [wrong('nodes', `${name} does not answer`, 'see its log: umlauf logs')];
    const behind = highest - height;
    return behind > BLOCKS_BEHIND
      ? [
          wrong(
            'nodes',
            `${name} has ${height} blocks, others ${highest}: it no longer receives any`,
            'see its log (umlauf logs); umlauf restart has it fetch what it lacks',
          ),
        ]
      : [];
  });
}

function nodesText({ peers, orderers }: NetworkFacts): string {
  return `${peers.length} peers and ${orderers.length} orderers of their own answer, at one height`;
}

function acquaintanceFindings({ peers, members }: NetworkFacts): Finding[] {
  return peers.flatMap(({ memberId, mspId, knows }) => {
    if (!knows || !members) return [];
    const missing = members.filter((each) => each !== mspId && !knows.includes(each));
    return missing.length === 0
      ? []
      : [
          wrong(
            'connections',
            `the peer of ${memberId} reaches no peer of ${missing.join(', ')}`,
            'check that host and port of their peers can be reached from there, both ways',
          ),
        ];
  });
}

function acquaintanceText({ peers, members }: NetworkFacts): Finding {
  if (!members) return unknown('connections', 'nobody tells who is on the channel');
  return peers.some(({ knows }) => knows)
    ? ok('connections', `all peers here know the ${members.length} organizations`)
    : ok('connections', `${members.length} organizations in one process`);
}

function gatewayFindings({ gateways }: NetworkFacts): Finding[] {
  return gateways
    .filter(({ ready }) => !ready)
    .map(({ memberId, missing }) =>
      wrong(
        'gateways',
        `that of ${memberId} is not ready; missing: ${missing.join(', ')}`,
        gatewayRemedy(missing),
      ),
    );
}

/** What readiness misses, and what brings it back. */
function gatewayRemedy(missing: readonly string[]): string {
  if (missing.includes('membership'))
    return 'its organization is off the channel: umlauf org add, if it is a member';
  if (missing.includes('gateway')) return 'umlauf restart';
  return 'what is said of the nodes above; else umlauf logs';
}

function chaincodeFindings({ chaincode, peers, ownLabel }: NetworkFacts): Finding[] {
  if (!chaincode) return [unknown('chaincode', 'nobody tells what is in force')];
  const { packageId, unapproved } = chaincode;
  const others = peers.filter((peer) => peer.packageId !== undefined && peer.packageId !== packageId);
  return wrongOr(
    [
      ...unapproved.map((mspId) =>
        wrong(
          'chaincode',
          `${mspId} has not approved what is in force: it endorses nothing`,
          'umlauf chaincode deploy',
        ),
      ),
      ...others.map(({ memberId, packageId: approved }) =>
        wrong(
          'chaincode',
          `${memberId} approved ${approved ?? ''}, others ${packageId ?? ''}: its peer may endorse something else`,
          'umlauf chaincode deploy',
        ),
      ),
      ...(isOtherCode(packageId, ownLabel)
        ? [
            wrong(
              'chaincode',
              `${packageId ?? ''} is in force, ${ownLabel ?? ''} is the code here`,
              'umlauf chaincode upgrade, if the code here is what the members agreed on',
            ),
          ]
        : []),
    ],
    ok('chaincode', packageId ?? 'in force'),
  );
}

function registerFindings({ openPoints }: NetworkFacts): Finding[] {
  if (!openPoints) return [unknown('register', 'no gateway tells')];
  return wrongOr(
    openPoints.map((point) => wrong('register', point.detail, remedyOf(point))),
    ok('register', 'register and network agree'),
  );
}

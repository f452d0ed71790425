/** What members declare to run, beside what the own peer sees on the channel. */
import { KINDS_ON_CHANNEL, type Node, type NodeKind } from 'umlauf-chaincode/api';
import type { ObservedNode } from '../fabric/observed.js';

/** How what is declared of a node agrees with what is observed. */
export const COMPARISONS = [
  'agrees',
  'planned',
  'unobservable',
  'declared-not-seen',
  'seen-not-declared',
] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** A node, declared or seen or both. */
export interface ComparedNode {
  /** The declared node's id; of one that nobody declared `<kind>.<MSP id>.<endpoint>`. */
  readonly id: string;
  readonly status: Comparison;
  readonly kind: NodeKind;
  readonly mspId: string;
  readonly endpoint?: string;
  readonly declared?: Node;
  readonly observed?: ObservedNode;
}

interface Located {
  readonly kind: string;
  readonly mspId: string;
  readonly endpoint?: string | undefined;
}

/** By what both sides name a node: its kind, its organization and its endpoint. */
const placeOf = ({ kind, mspId, endpoint }: Located): string => `${kind} ${mspId} ${endpoint ?? ''}`;

const isObservable = ({ kind, endpoint }: Located): boolean =>
  endpoint !== undefined && KINDS_ON_CHANNEL.some((each) => each === kind);

/**
 * Lays one beside the other, in the order of organization, kind and id. Gateways, chaincode services and others don't show
 * on a channel, nor do peers and orderers that are declared without an endpoint: they count as no difference.
 *
 * @param declared nodes that run or are planned
 */
export function compared(declared: readonly Node[], observed: readonly ObservedNode[]): ComparedNode[] {
  const seen = new Map(observed.map((node) => [placeOf(node), node]));
  const places = new Set(declared.map(placeOf));
  const undeclared = observed.filter((node) => node.seen && !places.has(placeOf(node)));
  return [
    ...declared.map((node) => declaredNode(node, seen.get(placeOf(node)))),
    ...undeclared.map(seenNode),
  ].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

const orderOf = ({ mspId, kind, id }: ComparedNode): string => `${mspId} ${kind} ${id}`;

function declaredNode(node: Node, observed: ObservedNode | undefined): ComparedNode {
  const { id, kind, mspId, endpoint } = node;
  return {
    ...{ id, kind, mspId, declared: node },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(observed === undefined ? {} : { observed }),
    status: statusOf(node, observed?.seen === true),
  };
}

function statusOf(node: Node, isSeen: boolean): Comparison {
  // It was never declared to run.
  if (node.status === 'planned') return isSeen ? 'seen-not-declared' : 'planned';
  if (!isObservable(node)) return 'unobservable';
  return isSeen ? 'agrees' : 'declared-not-seen';
}

function seenNode(observed: ObservedNode): ComparedNode {
  const { kind, mspId, endpoint } = observed;
  const id = [kind, mspId, endpoint].join('.');
  return { id, kind, mspId, endpoint, observed, status: 'seen-not-declared' };
}

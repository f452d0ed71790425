import type { Client, InfrastructureNode, Input, Output } from 'umlauf-client';
import { act, jsonOf, whole, type ActOptions } from './member-act.js';
import { listed, table } from './table.js';

export interface SiteListOptions extends ActOptions {
  readonly member?: string;
  readonly kind?: string;
  readonly status?: string;
}
export interface NodeListOptions extends SiteListOptions {
  readonly site?: string;
}
export interface EndOptions extends ActOptions {
  readonly on: string;
}
export interface InfrastructureOptions extends ActOptions {
  readonly status?: string;
}

type Site = Output<'sites-get'>;
type Node = Output<'nodes-get'>;

/** Prints sites; what is no kind or status the gateway refuses, and says what is allowed. */
export function listSites(options: SiteListOptions): Promise<void> {
  const { member, kind, status } = options;
  const filter = { member, kind, status, limit: 200 } as Input<'sites-list'>;
  const list = (client: Client) => whole((bookmark) => client.sites.list({ ...filter, bookmark }));
  return act(options, 'auditor', list, (sites: Site[]) =>
    table(
      ['SITE', 'STATUS', 'KIND', 'MEMBER', 'MUNICIPALITY', 'NAME'],
      sites.map(({ id, status: has, kind: is, memberId: operator, municipality, name }) => [
        ...[id, has, is, operator, municipality ?? '', name],
      ]),
    ),
  );
}

/** Prints one site. */
export function showSite(id: string, options: ActOptions): Promise<void> {
  return act(options, 'auditor', (client) => client.sites.get({ id }), describeSite);
}

/** Declares a site. */
export function declareSite(file: string, options: ActOptions): Promise<void> {
  const site = jsonOf(file) as Input<'sites-declare'>;
  return act(options, 'board', (client, call) => client.sites.declare(site, call), describeSite);
}

/** Changes what is declared of a site. */
export function changeSite(id: string, file: string, options: ActOptions): Promise<void> {
  const input = { id, change: jsonOf(file) } as Input<'sites-change'>;
  return act(options, 'board', (client, call) => client.sites.change(input, call), describeSite);
}

/** Ends a site. */
export function endSite(id: string, options: EndOptions): Promise<void> {
  const { on } = options;
  return act(options, 'board', (client, call) => client.sites.end({ id, on }, call), describeSite);
}

/** Prints nodes; what is no kind or status the gateway refuses, and says what is allowed. */
export function listNodes(options: NodeListOptions): Promise<void> {
  const { member, site, kind, status } = options;
  const filter = { member, site, kind, status, limit: 200 } as Input<'nodes-list'>;
  const list = (client: Client) => whole((bookmark) => client.nodes.list({ ...filter, bookmark }));
  return act(options, 'auditor', list, (nodes: Node[]) =>
    table(
      ['NODE', 'STATUS', 'KIND', 'MEMBER', 'SITE', 'ENDPOINT'],
      nodes.map(({ id, status: has, kind: is, memberId: operator, site: at, endpoint }) => [
        ...[id, has, is, operator, at, endpoint ?? ''],
      ]),
    ),
  );
}

/** Prints one node. */
export function showNode(id: string, options: ActOptions): Promise<void> {
  return act(options, 'auditor', (client) => client.nodes.get({ id }), describeNode);
}

/** Declares a node. */
export function declareNode(file: string, options: ActOptions): Promise<void> {
  const node = jsonOf(file) as Input<'nodes-declare'>;
  return act(options, 'board', (client, call) => client.nodes.declare(node, call), describeNode);
}

/** Changes what is declared of a node. */
export function changeNode(id: string, file: string, options: ActOptions): Promise<void> {
  const input = { id, change: jsonOf(file) } as Input<'nodes-change'>;
  return act(options, 'board', (client, call) => client.nodes.change(input, call), describeNode);
}

/** Ends a node. */
export function endNode(id: string, options: EndOptions): Promise<void> {
  const { on } = options;
  return act(options, 'board', (client, call) => client.nodes.end({ id, on }, call), describeNode);
}

/** Prints what is declared beside what is observed. */
export function showInfrastructure(options: InfrastructureOptions): Promise<void> {
  const filter = { status: options.status, limit: 200 } as Input<'infrastructure-list'>;
  const list = (client: Client) => whole((bookmark) => client.infrastructure.list({ ...filter, bookmark }));
  return act(options, 'auditor', list, (nodes: InfrastructureNode[]) =>
    table(
      ['NODE', 'STATUS', 'KIND', 'ORGANIZATION', 'SITE', 'ENDPOINT', 'HEIGHT', 'LAST SEEN'],
      nodes.map(({ id, status, kind, mspId, endpoint, declared, observed }) => [
        ...[declared ? id : '', status, kind, mspId, declared?.site ?? '', endpoint ?? ''],
        ...[observed?.height?.toString() ?? '', observed?.lastSeen ?? ''],
      ]),
    ),
  );
}

const operated = ({ memberId, runningSince, ended, woundUp }: Site | Node) =>
  [
    ['operator', memberId],
    ['running', runningSince && `since ${runningSince}`],
    ['last day', ended?.on],
    ['wound up', woundUp && `${woundUp.recorded.at} by ${woundUp.resolutionId ?? woundUp.recorded.mspId}`],
  ] as const;

function describeSite(site: Site): string {
  const { id, status, name, kind, municipality } = site;
  return listed([
    ['site', id],
    ['status', status],
    ['name', name],
    ['kind', kind],
    ['municipality', municipality],
    ...operated(site),
  ]);
}

function describeNode(node: Node): string {
  const { id, status, kind, site, endpoint, description, carries } = node;
  return listed([
    ['node', id],
    ['status', status],
    ['kind', kind],
    ['site', site],
    ['endpoint', endpoint],
    ['description', description],
    ['carries', carries?.map(({ resource, id: carried }) => `${resource} ${carried}`).join(', ')],
    ...operated(node),
  ]);
}

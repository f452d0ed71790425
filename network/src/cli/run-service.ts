import type { Client, Input, Output } from 'umlauf-client';
import { documentOf } from './document-file.js';
import type { Declared, EndOptions } from './agreement.js';
import { act, jsonOf, officeFor, whole, type ActOptions } from './member-act.js';
import { listed, table } from './table.js';

export interface ServiceListOptions extends ActOptions {
  readonly member?: string;
  readonly focusArea?: string;
  readonly status?: string;
  readonly project?: string;
  readonly from?: string;
  readonly until?: string;
}
export interface NoticeOptions extends ActOptions {
  readonly on: string;
  readonly document?: string;
}
export interface UseListOptions extends ActOptions {
  readonly service?: string;
  readonly member?: string;
  readonly holderState?: string;
  readonly memberState?: string;
}
type Service = Output<'services-get'>;
type Use = Output<'services-use'>;
type Named = Input<'services-use'>;

/** Prints services; what is no status or date the gateway refuses, and says what is allowed. */
export function listServices(options: ServiceListOptions): Promise<void> {
  const { member, focusArea, status, project, from, until } = options;
  const filter = {
    ...{ member, focusArea, status, project, from, until },
    limit: 200,
  } as Input<'services-list'>;
  const list = (client: Client) => whole((bookmark) => client.services.list({ ...filter, bookmark }));
  return act(options, 'auditor', list, (services: Service[]) =>
    table(
      ['SERVICE', 'STATUS', 'MEMBER', 'PROVIDER', 'NAME'],
      services.map(({ id, status: has, memberId, provider, name }) => [
        ...[id, has, memberId, provider.body, name],
      ]),
    ),
  );
}

/** Prints one service with those who use it. */
export function showService(id: string, options: ActOptions): Promise<void> {
  const both = async (client: Client) => {
    const service = await client.services.get({ id });
    const { blockNumber } = service;
    const { body } = await whole((bookmark) =>
      client.services.uses(
        { service: id, limit: 200, bookmark },
        blockNumber === undefined ? {} : { minBlock: blockNumber },
      ),
    );
    return { ...service, body: { ...service.body, uses: body } };
  };
  return act(options, 'auditor', both, ({ uses, ...service }) =>
    [describeService(service), ...(uses.length === 0 ? [] : ['', useTable(uses)])].join('\n'),
  );
}

/** Offers a service. */
export function offer(file: string, options: ActOptions): Promise<void> {
  const service = jsonOf(file) as Input<'services-offer'>;
  return act(options, 'board', (client, call) => client.services.offer(service, call), describeService);
}

/** Changes what is said of a service. */
export function change(id: string, file: string, options: ActOptions): Promise<void> {
  const changed = { ...(jsonOf(file) as object), id } as Input<'services-change'>;
  return act(options, 'board', (client, call) => client.services.change(changed, call), describeService);
}

/** Declares the next status. */
export function advance(id: string, status: 'pilot' | 'available', options: EndOptions): Promise<void> {
  const step = { id, status, on: options.on };
  return act(options, 'board', (client, call) => client.services.advance(step, call), describeService);
}

/** Announces the last day. */
export async function announceWithdrawal(id: string, options: NoticeOptions): Promise<void> {
  const { on, document: file } = options;
  const notice = { id, on, ...(file !== undefined && { document: await documentOf(file) }) };
  await act(
    options,
    'board',
    (client, call) => client.services.announceWithdrawal(notice, call),
    describeService,
  );
}

/** Withdraws a service. */
export function withdraw(id: string, options: ActOptions): Promise<void> {
  return act(options, 'board', (client, call) => client.services.withdraw({ id }, call), describeService);
}

/** Prints uses. */
export function listUses(options: UseListOptions): Promise<void> {
  const { service, member, holderState, memberState } = options;
  const filter = { service, member, holderState, memberState, limit: 200 } as Input<'services-uses'>;
  const list = (client: Client) => whole((bookmark) => client.services.uses({ ...filter, bookmark }));
  return act(options, 'auditor', list, useTable);
}

/** Proposes, accepts or declines a use. */
export function declare(what: Declared, use: Named, options: ActOptions): Promise<void> {
  return act(
    options,
    officeFor(use.member, options),
    (client, call) => client.services[`${what}Use`](use, call),
    describeUse,
  );
}

/** Ends a use. */
export function end(use: Named, options: EndOptions): Promise<void> {
  const input = { ...use, on: options.on };
  return act(
    options,
    officeFor(use.member, options),
    (client, call) => client.services.endUse(input, call),
    describeUse,
  );
}

function describeService(service: Service): string {
  const { id, status, name, provider, memberId, project, focusAreas, description, nodes, address } = service;
  const { stages, lastDay } = service;
  return listed([
    ['service', id],
    ['status', status],
    ['name', name],
    ['description', description.de ?? description.en],
    ['provider', `${provider.body} (${provider.level})`],
    ['member', memberId],
    ['project', project],
    ['focus areas', focusAreas.join(', ')],
    ['nodes', nodes.length === 0 ? undefined : nodes.join(', ')],
    ['address', address],
    [
      'since',
      stages
        .filter((stage) => stage.status === 'pilot' || stage.status === 'available')
        .map((stage) => `${stage.status} since ${stage.on}`)
        .join(', ') || undefined,
    ],
    ['last day', lastDay],
  ]);
}

function describeUse({ memberId, serviceId, status, since, endsOn }: Use): string {
  return listed([
    ['member', memberId],
    ['service', serviceId],
    ['status', status],
    ['since', since?.at],
    ['last day', endsOn],
  ]);
}

const useTable = (uses: readonly Use[]): string =>
  table(
    ['SERVICE', 'MEMBER', 'STATUS', 'SINCE', 'LAST DAY'],
    uses.map(({ serviceId, memberId, status, since, endsOn }) => [
      ...[serviceId, memberId, status, since?.at ?? '', endsOn ?? ''],
    ]),
  );

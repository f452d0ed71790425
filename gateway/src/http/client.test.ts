/** That the typed client is one of this REST interface: each operation, where it goes and what it takes. */
import {
  OPERATIONS,
  PUBLIC_OPERATIONS,
  requestOf,
  type EndorseInput,
  type Endorsed,
  type InfrastructureNode,
  type LedgerEvent,
  type OperationId,
} from 'umlauf-client';
import type {
  DeadLetterView,
  PrepareInput,
  Prepared,
  PublicAnnouncements,
  PublicMembers,
  SubmitInput,
  TransactionView as ClientView,
  WebhookView as ClientWebhook,
} from 'umlauf-client';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { JsonFeed } from '../public/json-feed.js';
import type { PublicRegister } from '../public/register.js';
import { actOfRequest } from '../signing/act.js';
import type { LedgerEventView } from './events.js';
import type { InfrastructurePage } from './infrastructure.js';
import { openApiDocument } from './openapi.js';
import { ROUTES } from './routes/index.js';
import type { EndorseBody, PrepareBody, SubmitBody, ToSignView } from './signing.js';
import type { TransactionView } from './transactions.js';
import type { DeadLetterList, WebhookView } from './webhooks.js';

const self = { memberId: 'itdz-berlin', mspId: 'ItdzBerlinMSP' };

describe('the typed client', () => {
  it('has every operation of the OpenAPI document, and no other', () => {
    const { paths } = openApiDocument('itdz-berlin', false) as {
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => `${operationId}: ${method} ${path}`),
    );
    const known = Object.entries(OPERATIONS).map(
      ([id, { method, path }]) => `${id}: ${method} /api/v1${path}`,
    );
    expect(known.sort()).toEqual(described.sort());
  });

  it('has what the public reads as JSON', () => {
    const { paths } = openApiDocument('itdz-berlin', true) as {
      paths: Record<string, { get?: { operationId: string } }>;
    };
    const described = Object.entries(paths).flatMap(([path, { get }]) =>
      get?.operationId.startsWith('public-') ? [[get.operationId, path]] : [],
    );
    expect(Object.entries(PUBLIC_OPERATIONS).sort()).toEqual(
      described.filter(([, path]) => path?.endsWith('.atom') === false).sort(),
    );
  });

  it("knows each operation's transaction, and which one answers", () => {
    const told = Object.values(OPERATIONS).flatMap((operation) =>
      'transaction' in operation
        ? [[operation.transaction, 'answers' in operation ? operation.answers : operation.transaction]]
        : [],
    );
    expect(told.sort()).toEqual(
      ROUTES.map((route) => [
        route.transaction,
        route.kind === 'write' ? route.answers : route.transaction,
      ]).sort(),
    );
  });

  it.each(ROUTES.flatMap((route) => (route.kind === 'write' ? [route] : [])))(
    'makes of the input of $transaction the request that makes it again',
    (route) => {
      const example = (route.example ?? {}) as Record<string, unknown>;
      const id = route.path.includes('sha256') ? 'a'.repeat(64) : 'an-id';
      const named = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
      const operationId = route.transaction.replace(':', '-') as OperationId;
      const operation = OPERATIONS[operationId];
      const taken = 'body' in operation ? { [operation.body]: example } : example;
      const values = Object.fromEntries(named.map((name) => [name, name === 'role' ? 'user' : 'an-id']));
      const isById = named.length === 0 || named.includes('id') || named.includes('sha256');
      const addressed = isById ? { id } : values;
      const input = route.transaction === 'foundations:submit' ? taken : { ...taken, ...addressed };
      const { method, path, body } = requestOf(operationId, input);
      expect(actOfRequest({ method, path, body }, self)).toMatchObject({ route, input });
    },
  );

  it('has the types of what has no transaction', () => {
    expectTypeOf<z.infer<typeof InfrastructurePage>['items'][number]>().toEqualTypeOf<InfrastructureNode>();
    expectTypeOf<z.input<typeof PrepareBody>>().toExtend<PrepareInput>();
    expectTypeOf<PrepareInput>().toExtend<z.input<typeof PrepareBody>>();
    expectTypeOf<EndorseInput>().toEqualTypeOf<z.input<typeof EndorseBody>>();
    expectTypeOf<SubmitInput>().toEqualTypeOf<z.input<typeof SubmitBody>>();
    expectTypeOf<Prepared>().toEqualTypeOf<z.output<typeof ToSignView.proposal>>();
    expectTypeOf<Endorsed>().toEqualTypeOf<z.output<typeof ToSignView.transaction>>();
    expectTypeOf<z.output<typeof TransactionView>>().toExtend<ClientView>();
    expectTypeOf<z.output<typeof LedgerEventView>>().toEqualTypeOf<LedgerEvent>();
    expectTypeOf<z.output<typeof WebhookView>>().toEqualTypeOf<ClientWebhook>();
    expectTypeOf<z.output<typeof JsonFeed>>().toEqualTypeOf<PublicAnnouncements>();
    expectTypeOf<z.output<typeof PublicRegister>>().toEqualTypeOf<PublicMembers>();
    expectTypeOf<z.output<typeof DeadLetterList>['items'][number]>().toEqualTypeOf<DeadLetterView>();
  });
});

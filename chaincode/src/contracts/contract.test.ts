import { describe, expect, it } from 'vitest';
import { TRANSACTIONS, type TransactionName } from '../api/transactions';
import { DomainError, PROBLEMS } from '../domain/errors';
import { contracts } from '../index';
import { Cooperative, application, identity, mspIdOf } from '../testing/cooperative';
import { fakeContext } from '../testing/fake-context';
import { ResolutionsContract } from './resolutions';

/** What the decorators of fabric-contract-api leave behind, through reflect-metadata. */
const metadata = Reflect as unknown as {
  getMetadata(
    key: 'fabric:transactions',
    target: object,
  ): {
    name: string;
    tag: string[];
    parameters: { schema: { type: string } }[];
    returns: { type: string };
  }[];
};

describe('every transaction', () => {
  it('is published under its name, submitted or evaluated, with one text in and one out', () => {
    const found = contracts.flatMap((contract) => {
      const instance = new contract();
      const transactions = metadata.getMetadata('fabric:transactions', instance);
      return transactions.map(({ name, tag, parameters, returns }) => {
        expect(parameters.map(({ schema }) => schema.type)).toEqual(['string']);
        expect(returns.type).toBe('string');
        return [`${instance.getName()}:${name}`, tag.includes('SUBMIT') ? 'submit' : 'evaluate'];
      });
    });
    const published = Object.entries(TRANSACTIONS).map(([name, { kind }]) => [name, kind]);
    expect(found.sort()).toEqual(published.sort());
  });

  it('refuses input that its schema doesn’t allow, without repeating it', async () => {
    const cooperative = await Cooperative.founded();
    for (const name of Object.keys(TRANSACTIONS) as TransactionName[]) {
      const malformed = { ['secret-field@example.org']: 'secret-value', id: 'SECRET', limit: 'secret' };
      const { code, data } = await cooperative.board('alpha').refused(name, malformed);
      expect(code).toBe('invalid-input');
      expect(JSON.stringify(data).toLowerCase()).not.toContain('secret');
      expect((data.issues as unknown[]).length).toBeLessThanOrEqual(5);
    }
  });
});

describe('an error', () => {
  it('says where the input is wrong and what is allowed, five times at most', async () => {
    const cooperative = await Cooperative.founded();
    const { data } = await cooperative.board('alpha').refused('members:apply', {} as never);
    expect(data).toMatchObject({ more: 3 });
    expect((data.issues as { path: string }[]).map(({ path }) => path)).toEqual([
      'id',
      'legalName',
      'levels',
      'category',
      'mspId',
    ]);
    const nested = application('north', { declaration: { name: 'x', mediaType: 'no', sha256: 'no' } });
    const refusal = await cooperative.board('alpha').refused('members:apply', nested);
    expect(refusal.data.issues).toEqual([
      { path: 'declaration.mediaType', message: 'must be a media type such as application/pdf' },
      {
        path: 'declaration.sha256',
        message: 'must be a SHA-256 in 64 lower-case hexadecimal digits',
      },
    ]);
  });

  it('is said of text that is no JSON', async () => {
    const { world } = await Cooperative.founded();
    const context = fakeContext(
      world.ledger.simulate(world.now),
      new Map(),
      world.office('x-msp', 'board').creator,
      () => {
        throw new Error('an event was set');
      },
    );
    await expect(new ResolutionsContract().propose(context, '{')).rejects.toThrow(
      new DomainError('invalid-input', { issues: [{ path: '', message: 'must be JSON' }], more: 0 }),
    );
  });

  it('stays under 1 kB however many names it could list', async () => {
    const cooperative = Cooperative.unfounded();
    const long = (index: number) => `organization-${index}`.padEnd(40, 'x');
    const members = Array.from({ length: 150 }, (_, index) => identity(long(index)));
    for (let index = 0; index < 150; index += 1)
      cooperative.world.organizations.set(`another-${index}`.padEnd(63, 'y'), true);
    const foundation = { members, bylaws: { ...cooperative.bylaws, boardHolding: [long(0), long(1)] } };
    const office = cooperative.world.office(mspIdOf(long(0)), 'board');
    const refusal = await office.refused('foundations:submit', foundation);
    expect(refusal.code).toBe('founders-mismatch');
    expect(refusal.data.missing).toHaveLength(5);
  });

  it('of this chaincode’s own says nothing of its inside to the caller, but to the log', async () => {
    const { world } = await Cooperative.founded();
    const simulation = world.ledger.simulate(world.now);
    simulation.get = () => {
      throw new Error('inner words');
    };
    const office = world.office(mspIdOf('alpha'), 'board');
    const logged: unknown[] = [];
    const context = fakeContext(
      simulation,
      new Map(),
      office.creator,
      () => undefined,
      (...words) => logged.push(...words),
    );
    await expect(new ResolutionsContract(() => world.now).get(context, '{"id":"one"}')).rejects.toThrow(
      /^\{"code":"internal","data":\{\}\}$/,
    );
    expect(logged.join(' ')).toContain('inner words');
  });

  it('has a code of the registry that the chaincode raises, with data that the registry names', async () => {
    const cooperative = await Cooperative.founded();
    const { code, data } = await cooperative.auditor('alpha').refused('resolutions:get', { id: 'nothing' });
    expect(PROBLEMS[code as keyof typeof PROBLEMS]).toMatchObject({ status: 404, raisedBy: 'chaincode' });
    expect(Object.keys(data)).toEqual(Object.keys(PROBLEMS['not-found'].data));
  });

  it('is said of a transaction that there isn’t', async () => {
    await expect(new ResolutionsContract().unknownTransaction()).rejects.toThrow(
      new DomainError('not-found', { resource: 'transaction' }),
    );
  });
});

describe('the caller’s role', () => {
  it('comes from the attribute, or else from an organizational unit', async () => {
    const { world } = await Cooperative.founded();
    const role = async (...args: Parameters<typeof world.office>) =>
      (await world.office(...args).call('members:whoAmI', {})).role;
    expect(await role('alpha-msp', 'none', 'auditor')).toBe('auditor');
    expect(await role('alpha-msp', 'none', 'something-else')).toBeUndefined();
    expect(await role('alpha-msp', 'board')).toBe('board');
    expect(await role('alpha-msp', 'board', 'board')).toBe('board');
    expect(await role('alpha-msp', 'multiValued')).toBe('board');
    expect(await role('alpha-msp', 'roleInName')).toBeUndefined();
  });

  it('is refused where a certificate carries two', async () => {
    const { world } = await Cooperative.founded();
    for (const office of [world.office('alpha-msp', 'two'), world.office('alpha-msp', 'board', 'auditor')])
      expect(await office.refused('members:whoAmI', {})).toEqual({ code: 'ambiguous-role', data: {} });
  });
});

describe('a transaction’s event', () => {
  it('is one, small, and names neither offices nor persons', async () => {
    const cooperative = await Cooperative.founded();
    const endorsed = await cooperative.board('alpha').endorse('members:apply', application('north'));
    expect(endorsed.event?.name).toBe('umlauf.v1');
    expect(JSON.parse(endorsed.event?.payload ?? '')).toEqual([
      { type: 'member.applied', id: 'north', data: { filedBy: 'alpha', mspId: mspIdOf('north') } },
    ]);
  });
});

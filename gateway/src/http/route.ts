/**
 * What a route is: one entry of the one table from which Express's routes and the API's description are both made.
 */
import type {
  EvaluateName,
  InputOf,
  OutputOf,
  ProblemCode,
  Role,
  SubmitName,
  TransactionName,
} from 'umlauf-chaincode/api';
import { z } from 'zod';
import { parsed, type Ledger } from '../ledger.js';
import type { ProblemData } from '../problem.js';

/** The member whose gateway this is. */
export interface Self {
  readonly memberId: string;
  readonly mspId: string;
}

/** A request whose every part has been validated. */
export interface RouteRequest<P = unknown, Q = unknown, B = unknown> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly self: Self;
}

interface Described {
  /** Path below the API's base; parameters as `{name}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Problems beside those that any route can answer. */
  readonly problems?: readonly ProblemCode[];
}

/** A route that asks the own peer. */
export interface ReadRoute extends Described {
  readonly kind: 'read';
  readonly method: 'get';
  readonly transaction: EvaluateName;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  input(request: RouteRequest): unknown;
}

/** A route that writes and answers once that is committed. */
export interface WriteRoute extends Described {
  readonly kind: 'write';
  readonly method: 'post' | 'put' | 'patch';
  readonly transaction: SubmitName;
  /** The transaction whose answer is answered: the writing one, or the one that reads what was written. */
  readonly answers: TransactionName;
  readonly params: z.ZodObject;
  /** Absent: the request has no body. */
  readonly body?: z.ZodType;
  readonly example?: unknown;
  /** Whether a resource is created: 201 rather than 200. */
  readonly created: boolean;
  /** Roles that the act can use, in order of preference. */
  roles(request: RouteRequest): readonly Role[];
  input(request: RouteRequest): unknown;
  /** Path of what was written, below the API's base. */
  location(input: unknown, result: () => unknown): string;
  /**
   * Reads what stands when there was nothing to write; `undefined` while the peer that is read doesn't show it.
   * @param found data of the contract's refusal
   */
  standing(
    ledger: Ledger,
    input: unknown,
    role: Role,
    self: Self,
    found: ProblemData,
  ): Promise<Standing | undefined>;
  /** Whether the contract's refusal means that what is asked for stands already. */
  stands(code: string, data: Readonly<Record<string, unknown>>): boolean;
}

/** What stands: JSON, and the transaction that recorded it. */
export interface Standing {
  readonly bytes: Uint8Array;
  readonly transactionId: string;
}

export type Route = ReadRoute | WriteRoute;

const nothing = z.strictObject({});

interface ReadSpec<N extends EvaluateName, P extends z.ZodObject, Q extends z.ZodObject> extends Described {
  readonly transaction: N;
  readonly params?: P;
  readonly query?: Q;
  input(request: RouteRequest<z.output<P>, z.output<Q>>): InputOf<N>;
}

/** Makes a route of a reading transaction. */
export function read<
  N extends EvaluateName,
  P extends z.ZodObject = typeof nothing,
  Q extends z.ZodObject = typeof nothing,
>(spec: ReadSpec<N, P, Q>): ReadRoute {
  return {
    ...spec,
    kind: 'read',
    method: 'get',
    params: spec.params ?? nothing,
    query: spec.query ?? nothing,
    input: (request) => spec.input(request as RouteRequest<z.output<P>, z.output<Q>>),
  };
}

interface WriteSpec<
  N extends SubmitName,
  R extends EvaluateName,
  P extends z.ZodObject,
  B extends z.ZodType,
> extends Described {
  readonly method: WriteRoute['method'];
  readonly transaction: N;
  readonly params?: P;
  readonly body?: B;
  readonly example?: z.input<B>;
  readonly created?: boolean;
  /** The act answers less than is answered, so as not to depend on it: what stands is read once it is committed. */
  readonly readBack?: boolean;
  readonly roles:
    readonly Role[] | ((request: RouteRequest<z.output<P>, unknown, z.output<B>>) => readonly Role[]);
  input(request: RouteRequest<z.output<P>, unknown, z.output<B>>): InputOf<N>;
  location(input: InputOf<N>, result: () => OutputOf<N>): string;
  /** The reading transaction of what stands, and its input. */
  readonly current: {
    readonly transaction: R;
    input(input: InputOf<N>, self: Self): InputOf<R>;
    /** Picks what stands from what is read, if it isn't all of it. */
    pick?(answer: OutputOf<R>, input: InputOf<N>): OutputOf<N> | undefined;
  };
  /** The record of what stands, where the representation has it. */
  recorded(
    representation: OutputOf<N>,
    self: Self,
  ): { readonly transactionId?: string | undefined } | undefined;
  /** Whether it is what was asked for, where a record of something else may lie in its place. */
  shows?(representation: OutputOf<N>, input: InputOf<N>, found: ProblemData): boolean;
  readonly stands?: WriteRoute['stands'];
}

/** Makes a route of a writing transaction. */
export function write<
  N extends SubmitName,
  R extends EvaluateName,
  P extends z.ZodObject = typeof nothing,
  B extends z.ZodType = z.ZodUndefined,
>(spec: WriteSpec<N, R, P, B>): WriteRoute {
  type Request = RouteRequest<z.output<P>, unknown, z.output<B>>;
  const { roles, current } = spec;
  return {
    ...spec,
    kind: 'write',
    params: spec.params ?? nothing,
    created: spec.created ?? false,
    answers: spec.readBack ? current.transaction : spec.transaction,
    roles: (request) => (typeof roles === 'function' ? roles(request as Request) : roles),
    input: (request) => spec.input(request as Request),
    location: (input, result) => spec.location(input as InputOf<N>, result as () => OutputOf<N>),
    standing: async (ledger, asked, role, self, found) => {
      const input = asked as InputOf<N>;
      const read = await ledger.evaluate(current.transaction, current.input(input, self), role);
      const picked = current.pick?.(parsed(read) as OutputOf<R>, input);
      if (current.pick && picked === undefined) return undefined;
      const bytes = picked === undefined ? read : Buffer.from(JSON.stringify(picked));
      const representation = parsed(bytes) as OutputOf<N>;
      const transactionId = spec.recorded(representation, self)?.transactionId;
      const isShown = spec.shows?.(representation, input, found) ?? true;
      return isShown && transactionId !== undefined ? { bytes, transactionId } : undefined;
    },
    stands: (code, data) => code === 'unchanged' || (spec.stands?.(code, data) ?? false),
  };
}

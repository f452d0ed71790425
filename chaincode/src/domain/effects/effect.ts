/**
 * An effect of a resolution: what it needs, what it claims and what it does. A new kind is a new file in this folder,
 * its input schema and its line in the index.
 */
import type { Bylaws } from '../bylaws';
import type { Call } from '../call';
import type { DomainError } from '../errors';
import type { HeldResource } from '../held/holding';
import type { MatterId } from '../matters';
import type { EffectResult } from '../resolution';
import type { EffectInput, EffectKind } from './input';

export type InputOfKind<K extends EffectKind> = Extract<EffectInput, { kind: K }>;

/** What two effects mustn't share and an open resolution claims. */
export interface Target {
  readonly kind: 'applicant' | 'member' | 'bylaws' | 'announcement' | HeldResource;
  readonly id: string;
}

/** When an effect is looked at again: what was possible when proposed may be stale later. */
export type Moment = 'proposed' | 'opened' | 'adopted';

export interface EffectContext {
  readonly call: Call;
  readonly resolutionId: string;
  /** The bylaws in force on the ledger, and their version. */
  readonly bylaws: Bylaws;
  readonly version: string;
  /** Day of the call in the bylaws' time zone. */
  readonly today: string;
}

/** What adopting it recorded. */
export type Executed = Pick<EffectResult, 'effective' | 'effectiveAt' | 'executed'>;

export interface EffectDefinition<K extends EffectKind = EffectKind> {
  readonly kind: K;
  /**
   * The only matter that it may be decided under; `any`: beside whatever else is decided; absent: under those alone that
   * have no effect of their own.
   */
  readonly matter?: MatterId | 'any';
  /** Whether a resolution has at most one of its kind. */
  readonly once?: true;
  /** How it takes legal effect. */
  readonly effective: EffectResult['effective'];
  readonly target: (input: InputOfKind<K>) => Target | undefined;
  /** Completes the input, when proposed, by what voters must know and what a later change would make stale. */
  readonly pin?: (input: InputOfKind<K>, context: EffectContext) => Promise<InputOfKind<K>>;
  /** Why it can't be carried out, if it can't. Reads only. */
  readonly validate: (
    input: InputOfKind<K>,
    context: EffectContext,
    moment: Moment,
  ) => Promise<EffectProblem | undefined>;
  /** Carries out what adoption carries out. */
  readonly adopted: (input: InputOfKind<K>, context: EffectContext) => Promise<Executed>;
  readonly rejected?: (input: InputOfKind<K>, context: EffectContext) => Promise<void>;
}

/** A reason in one word, or an error of its own where callers are told more. */
export type EffectProblem = string | DomainError;

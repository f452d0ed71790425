/** Kinds of agreements: what is particular to each beside what the two sides declare. */
import type { Bylaws } from '../bylaws';
import type { Call } from '../call';
import { DomainError } from '../errors';
import { type HeldResource, type Holding, holderOf } from '../held/holding';
import type { AgreementName, AgreementSide, Declaration, SideName } from './agreement';
import type { AgreementState, Declarations } from './state';

/** Which agreement: the member's part, in a role, in a resource. */
export interface AgreementReference {
  readonly resourceId: string;
  readonly memberId: string;
  readonly role: string;
}

/** A kind of agreement. */
export interface AgreementKind {
  readonly name: AgreementName;
  readonly resource: HeldResource;
  /** Refuses a new agreement where the resource isn't open to it. */
  readonly requireOpen?: (
    call: Call,
    reference: AgreementReference,
    holding: Holding,
  ) => void | Promise<void>;
  /** Refuses an end that only another agreement brings. */
  readonly requireEndable?: (reference: AgreementReference, holding: Holding) => void;
  /** What follows for the resource when both have agreed: the agreement as it stands then. */
  readonly whenAgreed?: (call: Call, bylaws: Bylaws, agreement: Agreement) => Promise<Agreement>;
  /** Last day of an agreement that something else than the two sides has ended. */
  readonly endedBy?: (
    reference: AgreementReference,
    holding: Holding,
    since: Declaration,
    zone: string,
    call: Call,
  ) => string | undefined | Promise<string | undefined>;
}

/** An agreement as it stands. */
export interface Agreement {
  readonly reference: AgreementReference;
  readonly holding: Holding;
  readonly sides: Readonly<Partial<Record<SideName, AgreementSide>>>;
  readonly declarations: Declarations;
  readonly state: AgreementState;
}

/** A member agrees with another. @throws {DomainError} `own-resource` where it holds the resource itself */
export function refuseOwn(
  { resource }: AgreementKind,
  { memberId }: AgreementReference,
  holding: Holding,
): void {
  if (holderOf(holding).memberId === memberId) throw new DomainError('own-resource', { resource });
}

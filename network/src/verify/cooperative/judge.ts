/** What the rules of each kind of record judge an act by. */
import {
  DomainError,
  keys,
  rules,
  type Bylaws,
  type MemberRecord,
  type ParsedInputOf,
  type Recorded,
  type TransactionName,
} from 'umlauf-chaincode/api';
import type { Check } from '../report.js';
import type { Act } from './act.js';
import type { CooperativeState } from './state.js';

/** The bylaws that an act falls under. */
export interface InForce {
  readonly version: string;
  readonly bylaws: Bylaws;
  /** Day of the act in the bylaws' time zone. */
  readonly today: string;
}

/** What an act concerns, as far as it bears on who may do it. */
export interface Subject {
  readonly memberId?: string | undefined;
  readonly filedBy?: string | undefined;
  /** Since when a board-holding organization could have done it. */
  readonly possibleSince?: string | undefined;
  readonly founder?: boolean;
  readonly onRoll?: boolean;
}

export class Judge {
  constructor(
    readonly act: Act,
    /** The state before the transaction. */
    readonly state: CooperativeState,
    private readonly report: (check: Check, message: string) => void,
  ) {}

  /** Something doesn't hold. Returns nothing, so that a rule may end with it. */
  find(check: Check, message: string): undefined {
    this.report(check, message);
    return undefined;
  }

  /** What is there after the transaction. */
  after<T>(key: rules.Key<T>): T | undefined {
    const change = this.act.changes.get(key);
    return change ? change.after : this.state.get(key);
  }

  /** What the transaction itself writes. */
  written<T>(key: rules.Key<T>): T | undefined {
    return this.act.changes.get(key)?.after;
  }

  /** A finding unless it holds. */
  require(check: Check, holds: boolean, message: string): void {
    if (!holds) this.find(check, message);
  }

  /** A finding unless both are the same content. */
  same(check: Check, found: unknown, expected: unknown, message: string): void {
    this.require(check, rules.sameContent(found ?? null, expected ?? null), message);
  }

  /** Runs a rule of the cooperative; what it refuses is a finding. */
  within<T>(check: Check, what: string, rule: () => T): T | undefined {
    try {
      return rule();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.find(check, `${what}: ${error.code} ${JSON.stringify(error.data)}`);
      return undefined;
    }
  }

  /** The act as a fact: what every record of it has to say. */
  recorded(): Recorded | undefined {
    const { at, caller, transactionId } = this.act;
    return caller.role && { at, mspId: caller.mspId, role: caller.role, transactionId };
  }

  /** The creator must have asked for this, of what has this id; answers the parameter that it signed. */
  asked<N extends TransactionName>(name: N, id: string): ParsedInputOf<N> | undefined {
    const { asked } = this.act;
    const input = asked.input as { readonly id?: string } | undefined;
    const isSubmission = name === 'foundations:submit'; // its id is its hash
    if (asked.name === name && input && (isSubmission || input.id === id)) return input as ParsedInputOf<N>;
    this.find('asked', `is not what its creator asked for: ${asked.name} ${input?.id ?? ''}`);
    return undefined;
  }

  inForce(): InForce | undefined {
    const version = this.state.get(keys.bylawsInForce)?.version;
    const record = version === undefined ? undefined : this.state.get(keys.bylawsVersion(version));
    if (version === undefined || !record) return undefined;
    const { bylaws } = record;
    return { version, bylaws, today: rules.legalDate(this.act.at, bylaws.timeZone) };
  }

  /** The record of the caller's organization. */
  caller(): MemberRecord | undefined {
    return this.state.memberByMsp(this.act.caller.mspId);
  }

  /** Whether the office of the caller's organization may do it; answers the bylaws that it falls under. */
  authorize(act: rules.ActName, subject: Subject = {}): InForce | undefined {
    const inForce = this.inForce();
    const { role, mspId } = this.act.caller;
    const standing = inForce ? this.#standing(inForce, subject) : { membership: 'outside' as const };
    this.within('act', `${role ?? 'no office'} of ${mspId} may not ${act}`, () =>
      rules.authorize(
        act,
        role,
        { ...standing, founder: subject.founder === true, onRoll: subject.onRoll === true },
        this.act.at,
      ),
    );
    return inForce;
  }

  /** The members that bylaws name as board-holding and that can act as such. */
  boardHolding({ boardHolding }: Bylaws, today: string): string[] {
    return boardHolding.filter((id) => rules.canHoldBoard(this.state.get(keys.member(id)), today));
  }

  #standing({ bylaws, today }: InForce, { memberId, filedBy, possibleSince }: Subject): rules.Standing {
    const record = this.caller();
    const holding = this.boardHolding(bylaws, today);
    const filer = filedBy === undefined ? undefined : this.state.get(keys.member(filedBy));
    return {
      membership: rules.membership(record, today),
      itself: record !== undefined && record.id === memberId,
      filed: record !== undefined && record.id === filedBy,
      filerLeft: filedBy !== undefined && rules.membership(filer, today) !== 'member',
      boardHolding: record !== undefined && holding.includes(record.id),
      noBoardHolding: holding.length === 0,
      ...(possibleSince !== undefined && {
        openToAllFrom: rules.addDuration(possibleSince, bylaws.actWithin, bylaws.timeZone),
      }),
    };
  }
}

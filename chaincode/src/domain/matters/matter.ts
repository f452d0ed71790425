import type { Majority } from '../majority';

/** A class of resolutions and what the law asks of it at least. A new matter is a new file in this folder. */
export interface MatterDefinition {
  /** German term, for documents made for people. */
  readonly german: string;
  /** The least majority that bylaws may set, with its source. */
  readonly statutory: {
    readonly majority: Majority;
    readonly source: string;
    /** Held since, YYYY-MM-DD. */ readonly since: string;
  };
}

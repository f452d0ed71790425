/** What a verification found, for people and for scripts. */

/** What a finding is about. Each names one thing that has to hold. */
export type Check =
  /** The file can't be read as blocks, or holds bytes that mean nothing. */
  | 'form'
  /** Numbers follow each other from 0. */
  | 'number'
  /** The block names the hash of the one before. */
  | 'previous-hash'
  /** The header's data hash is that of the transactions. */
  | 'data-hash'
  /** A quorum of the consenters then in force signed the block. */
  | 'orderers'
  /** What the block's metadata repeat, outside of any signature, is true. */
  | 'metadata'
  /** A configuration follows from the one before by an update that those entitled to signed. */
  | 'configuration'
  /** The recorded validation code is what validation gives. */
  | 'validation-code'
  /** The peer's commit hash is that of the recomputed state. */
  | 'commit-hash'
  /** Keys and records are those that the chaincode knows, in its form. */
  | 'record'
  /** The creator's office may do it. */
  | 'act'
  /** What is written is what the creator signed its name to. */
  | 'asked'
  /** A recorded fact names the transaction that recorded it: time, organization, role, id. */
  | 'recorded'
  /** The foundation holds only with the boards of all founders, and only then anything else. */
  | 'foundation'
  /** Bylaws come into force by the foundation or a registered amendment. */
  | 'bylaws'
  /** Facts of a member come from the acts that may record them. */
  | 'membership'
  /** A resolution is proposed, opened, decided and followed up as the bylaws say. */
  | 'resolution'
  /** The electoral roll is the register's at opening. */
  | 'roll'
  /** A ballot is its voter's own, cast while voting was open, and counted as cast. */
  | 'ballot'
  /** Only the voter with enough others can write a ballot. */
  | 'ballot-policy'
  /** Outcome and tally are what rule, roll and ballots give. */
  | 'outcome'
  /** Effects are those of the resolution, each once and only after adoption. */
  | 'effect'
  /** One open resolution at most on one target. */
  | 'claim'
  /** Lists leave nothing out. */
  | 'index'
  /** Performed again over the ledger as it was before, the act gives exactly what was written and told. */
  | 'performed'
  /** Every organization on the channel is covered by the foundation or a resolution, with the roots that were admitted. */
  | 'coverage'
  /** What was given to compare with: genesis hash, height, last hash. */
  | 'expectation';

export interface Finding {
  readonly check: Check;
  readonly message: string;
  readonly block?: number;
  /** Id of the transaction, or its place in the block where it has none. */
  readonly transaction?: string;
}

/** Takes findings; `where` is filled in by whoever walks the chain. */
export type Finder = (finding: Finding) => void;

/** How much was checked. */
export interface Checked {
  readonly blocks: number;
  readonly configurations: number;
  readonly transactions: number;
  /** Of these valid. */
  readonly valid: number;
  /** Valid transactions of the cooperative's chaincode that write, by the name of what was called. */
  readonly acts: Readonly<Record<string, number>>;
  /** Types of keys that this verification doesn't know and so has not judged. */
  readonly unknownTypes: readonly string[];
}

/** A member of the register at the end. */
export interface MemberSummary {
  readonly id: string;
  readonly status: string;
  readonly resolutionId?: string;
  readonly foundation?: string;
}

/** A resolution at the end. */
export interface ResolutionSummary {
  readonly id: string;
  readonly matter: string;
  readonly status: string;
  readonly yes?: number;
  readonly no?: number;
  readonly abstain?: number;
  readonly notCast?: number;
}

/** An organization on the channel at the end, and what covers it: the foundation's SHA-256 or a resolution. */
export interface OrganizationCover {
  readonly mspId: string;
  /** Block whose configuration brought it. */
  readonly since: number;
  readonly memberId?: string;
  readonly resolutionId?: string;
  readonly foundation?: string;
}

/** What register and network still differ in without anything being wrong. */
export interface OpenPoint {
  readonly kind: 'member-without-organization' | 'former-member-with-organization';
  readonly memberId: string;
  readonly mspId: string;
}

export interface Report {
  /** Whether everything that was checked holds. */
  readonly holds: boolean;
  readonly channel?: string;
  /** SHA-256 of the genesis block's header, hexadecimal: whoever knows it knows which chain this is. */
  readonly genesis: string;
  /** Number of blocks. */
  readonly height: number;
  /** SHA-256 of the last block's header, hexadecimal. */
  readonly last: string;
  readonly checked: Checked;
  readonly members: readonly MemberSummary[];
  readonly resolutions: readonly ResolutionSummary[];
  readonly organizations: readonly OrganizationCover[];
  readonly openPoints: readonly OpenPoint[];
  readonly findings: readonly Finding[];
  /** Findings beyond those listed. */
  readonly moreFindings: number;
}

/** The network follows the register: an organization joins the channel because a resolution admitted it. */
import type { OpenPoint } from 'umlauf-chaincode/api';

const RETRY_MILLISECONDS = 2_000;

export interface FollowingParts {
  /** Where register and network disagree. */
  readonly disagreements: () => Promise<readonly OpenPoint[]>;
  /** Brings an admitted member's organization in; undefined: an administrator does that. */
  readonly bringIn: ((memberId: string) => Promise<void>) | undefined;
  /** Whether members on other machines have to sign. */
  readonly withOthers: boolean;
  readonly alarm: (text: string) => void;
}

export class Following {
  private round: Promise<void> = Promise.resolve();
  private again = false;
  private retry: NodeJS.Timeout | undefined;
  private stopping = false;

  constructor(private readonly parts: FollowingParts) {}

  /** Carries out what the register asks of the network. Calls meanwhile are gathered into one further round. */
  follow(): Promise<void> {
    if (this.again) return this.round;
    this.again = true;
    this.round = this.round
      .catch(() => undefined)
      .then(async () => {
        this.again = false;
        if (!this.stopping) await this.once();
      })
      .catch((error: unknown) => this.tryAgain('following the register', error));
    return this.round;
  }

  /** Resolves when nothing is being carried out any more. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.retry);
    await this.round.catch(() => undefined);
  }

  private async once(): Promise<void> {
    const { disagreements, bringIn, withOthers, alarm } = this.parts;
    for (const { kind, memberId, detail } of await disagreements()) {
      if (this.stopping) return;
      if (kind === 'organization-not-covered') alarm(detail);
      if (kind !== 'member-not-on-network' || memberId === undefined) continue;
      if (!bringIn)
        alarm(
          `${memberId} is admitted, but its organization has not joined: umlauf org add ${memberId}` +
            (withOthers ? ' --out FILE' : ''),
        );
      // One that can't join must not keep the others out.
      else await bringIn(memberId).catch((error: unknown) => this.tryAgain(`bringing in ${memberId}`, error));
    }
  }

  private tryAgain(what: string, error: unknown): void {
    if (this.stopping) return;
    this.parts.alarm(`${what} failed and is tried again: ${(error as Error).message}`);
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.follow(), RETRY_MILLISECONDS);
  }
}

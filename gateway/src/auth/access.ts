/** Everything that decides who calls; exchanged as a whole when the configuration is read again. */
import type { Request } from 'express';
import type { Logger } from 'pino';
import type { CheckedOptions } from '../options.js';
import { Authentication } from './authentication.js';
import type { Caller } from './caller.js';
import { certificateOf } from './certificates.js';
import { trustedIssuers, type Issuers } from './issuers.js';
import { StrangersLimit } from './strangers.js';
import { TokenVerifier } from './tokens.js';

type AccessOptions = Pick<CheckedOptions, 'tokens' | 'auth' | 'strangersPerMinute' | 'publicPerMinute'>;

export class Access {
  readonly strangers: StrangersLimit;
  /** Those who read what the public reads: many of them must not keep strangers from signing in. */
  readonly readers: StrangersLimit;
  #issuers: Issuers;
  #authentication: Authentication;

  constructor(
    options: AccessOptions,
    private readonly logger: Logger,
  ) {
    this.strangers = new StrangersLimit(options.strangersPerMinute);
    this.readers = new StrangersLimit(options.publicPerMinute);
    this.#issuers = trustedIssuers(options, logger);
    this.#authentication = this.#authenticationBy(options);
  }

  /**
   * Who makes a request.
   * @throws {ProblemError} `unauthenticated`, `issuer-unavailable`, `too-many-requests`.
   */
  readonly callerOf = ({ headers, socket, ip = '' }: Request): Promise<Caller> =>
    this.#authentication.caller({
      authorization: headers.authorization,
      certificate: certificateOf(socket),
      address: ip,
    });

  /** Issuers that couldn't be asked for their keys when that was tried last. */
  issuersAway(): readonly string[] {
    return this.#issuers.away();
  }

  /** From now on others may call; nobody is remembered. */
  renew(options: AccessOptions): void {
    this.#issuers = trustedIssuers(options, this.logger);
    this.#authentication = this.#authenticationBy(options);
  }

  /** Forgets how often anybody asked. */
  stop(): void {
    this.strangers.stop();
    this.readers.stop();
  }

  #authenticationBy({ auth: { certificates, require } }: AccessOptions): Authentication {
    return new Authentication({
      tokens: new TokenVerifier(this.#issuers.trusted),
      rules: certificates?.rules ?? [],
      require,
      strangers: this.strangers,
    });
  }
}

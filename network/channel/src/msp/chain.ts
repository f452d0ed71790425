import type { MspCertificate } from './certificate.js';

/** The authorities that an MSP trusts. */
export interface Authorities {
  readonly roots: readonly MspCertificate[];
  readonly intermediates: readonly MspCertificate[];
}

/** A chain from a certificate up to a root, or why there is none (in the words of Go's crypto/x509). */
type ChainResult =
  { readonly chain: readonly [MspCertificate, ...MspCertificate[]] } | { readonly failure: string };

/** Longer chains than this are refused: no authority has so many levels, and a ring of intermediates ends here. */
const MAX_CHAIN = 10;

/**
 * Builds the one chain from a certificate to a root, as Fabric's MSP does: at the moment one second after the
 * certificate began to be valid, so that its expiry plays no part (msp/mspimplvalidate.go, getValidityOptsForCert).
 */
export function buildChain(certificate: MspCertificate, authorities: Authorities): ChainResult {
  if (!certificate.usableByDefault)
    return { failure: 'x509: certificate specifies an incompatible key usage' };
  const at = new Date(certificate.notBefore.getTime() + 1000);
  const search = new ChainSearch(authorities, at);
  const chains = search.from([certificate]);
  const [first] = chains;
  if (!first) return { failure: `x509: certificate signed by unknown authority${search.hint()}` };
  if (chains.length > 1) {
    return { failure: `this MSP only supports a single validation chain, got ${chains.length}` };
  }
  return { chain: first };
}

type Chain = readonly [MspCertificate, ...MspCertificate[]];

class ChainSearch {
  #hint: { reason: string; candidate: MspCertificate } | undefined;

  constructor(
    private readonly authorities: Authorities,
    private readonly at: Date,
  ) {}

  from(chain: Chain): Chain[] {
    const last = chain.at(-1) ?? chain[0];
    if (this.authorities.roots.some(({ id }) => id === last.id)) return [chain];
    if (chain.length >= MAX_CHAIN) return [];
    const { roots, intermediates } = this.authorities;
    return [...roots, ...intermediates]
      .filter((candidate) => candidate.subject === last.issuer && !chain.includes(candidate))
      .filter((candidate) => this.#issued(candidate, last))
      .flatMap((candidate) => this.from([...chain, candidate]));
  }

  /** Go names the first candidate that bore the right name and yet failed. */
  hint(): string {
    if (!this.#hint) return '';
    const { reason, candidate } = this.#hint;
    return ` (possibly because of "${reason}" while trying to verify candidate authority certificate "${candidate.commonName ?? ''}")`;
  }

  #issued(candidate: MspCertificate, certificate: MspCertificate): boolean {
    const reason = this.#objection(candidate, certificate);
    if (reason !== undefined) this.#hint ??= { reason, candidate };
    return reason === undefined;
  }

  #objection(candidate: MspCertificate, certificate: MspCertificate): string | undefined {
    if (!certificate.x509.verify(candidate.publicKey)) return 'x509: ECDSA verification failure';
    if (this.at < candidate.notBefore || this.at > candidate.notAfter) {
      const side = this.at < candidate.notBefore ? 'before' : 'after';
      const limit = this.at < candidate.notBefore ? candidate.notBefore : candidate.notAfter;
      return `x509: certificate has expired or is not yet valid: current time ${goTime(this.at)} is ${side} ${goTime(limit)}`;
    }
    // OpenSSL's look at names, key identifiers and key usage; Go's is a part of it.
    if (!candidate.x509.ca || !certificate.x509.checkIssued(candidate.x509)) {
      return 'x509: invalid signature: parent certificate cannot sign this kind of certificate';
    }
    return undefined;
  }
}

function goTime(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

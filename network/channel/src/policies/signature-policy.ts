import { common, type msp } from '@hyperledger/fabric-protos';
import { decodeMessage } from '../encoding/message.js';
import type { Identity } from '../msp/identity.js';
import { validIdentities } from './identities.js';
import { PolicyError, type IdentitySource, type Policy, type SignedData } from './policy.js';

type Rule = (identities: readonly Identity[], used: boolean[]) => boolean;

/**
 * Reads a signature policy.
 * @throws PolicyError if its bytes are malformed
 */
export function decodeSignaturePolicy(bytes: Uint8Array): common.SignaturePolicyEnvelope {
  return decodeMessage(
    common.SignaturePolicyEnvelope,
    bytes,
    (cause) => new PolicyError('Error unmarshalling to SignaturePolicy', { cause }),
  );
}

/** A policy over signatures by principals (common/cauthdsl). */
export class SignaturePolicy implements Policy {
  readonly #rule: Rule;

  /** @throws PolicyError if the policy's version is unknown, or a rule is empty or names no principal */
  constructor(
    readonly envelope: common.SignaturePolicyEnvelope,
    private readonly source: IdentitySource,
  ) {
    if (envelope.getVersion() !== 0) {
      throw new PolicyError(
        `This evaluator only understands messages of version 0, but version was ${envelope.getVersion()}`,
      );
    }
    this.#rule = compile(envelope.getRule(), envelope.getIdentitiesList());
  }

  evaluate(signed: readonly SignedData[]): void {
    this.evaluateIdentities(validIdentities(signed, this.source));
  }

  evaluateIdentities(identities: readonly Identity[]): void {
    const used = identities.map(() => false);
    if (!this.#rule(identities, used)) throw new PolicyError('signature set did not satisfy policy');
  }
}

/**
 * Makes a rule executable. Each identity counts for one principal only; a principal takes the first identity that is
 * still free and satisfies it, without ever going back on that: a policy may thus fail that another assignment would
 * satisfy. Fabric does the same, so the order of rules and signatures matters.
 */
function compile(rule: common.SignaturePolicy | undefined, principals: readonly msp.MSPPrincipal[]): Rule {
  if (rule?.hasSignedBy()) return compileSignedBy(rule.getSignedBy(), principals);
  const nOutOf = rule?.getNOutOf();
  if (!nOutOf) throw new PolicyError('Empty policy element');
  const rules = nOutOf.getRulesList().map((inner) => compile(inner, principals));
  const n = nOutOf.getN();
  return (identities, used) => {
    let verified = 0;
    for (const inner of rules) {
      const attempt = [...used];
      if (!inner(identities, attempt)) continue;
      verified++;
      attempt.forEach((value, index) => (used[index] = value));
    }
    return verified >= n;
  };
}

function compileSignedBy(index: number, principals: readonly msp.MSPPrincipal[]): Rule {
  const principal = principals[index];
  if (!principal) {
    throw new PolicyError(
      `identity index out of range, requested ${index}, but identities length is ${principals.length}`,
    );
  }
  return (identities, used) => {
    const found = identities.findIndex((identity, i) => !used[i] && identity.satisfies(principal));
    if (found < 0) return false;
    used[found] = true;
    return true;
  };
}

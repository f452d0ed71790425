import { common } from '@hyperledger/fabric-protos';
import { decodeMessage } from '../encoding/message.js';
import type { Identity } from '../msp/identity.js';
import { validIdentities } from './identities.js';
import { PolicyError, type IdentitySource, type Policy, type SignedData } from './policy.js';

/**
 * Reads an implicit meta policy.
 * @throws PolicyError if its bytes are malformed
 */
export function decodeImplicitMetaPolicy(bytes: Uint8Array): common.ImplicitMetaPolicy {
  return decodeMessage(
    common.ImplicitMetaPolicy,
    bytes,
    (cause) => new PolicyError('Error unmarshalling to ImplicitMetaPolicy', { cause }),
  );
}

/** A policy that asks how many of the direct subgroups' policies of one name are satisfied (common/policies/implicitmeta.go). */
export class ImplicitMetaPolicy implements Policy {
  readonly #threshold: number;
  readonly #subPolicy: string;

  constructor(
    definition: common.ImplicitMetaPolicy,
    private readonly policies: readonly Policy[],
    private readonly source: IdentitySource,
  ) {
    this.#subPolicy = definition.getSubPolicy();
    this.#threshold = threshold(definition.getRule(), policies.length);
  }

  evaluate(signed: readonly SignedData[]): void {
    this.evaluateIdentities(validIdentities(signed, this.source));
  }

  evaluateIdentities(identities: readonly Identity[]): void {
    const satisfied = this.policies.filter((policy) => isSatisfied(policy, identities)).length;
    if (satisfied < this.#threshold) {
      throw new PolicyError(
        `implicit policy evaluation failed - ${satisfied} sub-policies were satisfied, but this policy requires ${this.#threshold} of the '${this.#subPolicy}' sub-policies to be satisfied`,
      );
    }
  }
}

function threshold(rule: number, policies: number): number {
  // Without any subgroup nothing is asked, whatever the rule.
  if (policies === 0) return 0;
  if (rule === common.ImplicitMetaPolicy.Rule.ALL) return policies;
  return rule === common.ImplicitMetaPolicy.Rule.MAJORITY ? Math.floor(policies / 2) + 1 : 1;
}

function isSatisfied(policy: Policy, identities: readonly Identity[]): boolean {
  try {
    policy.evaluateIdentities(identities);
    return true;
  } catch (error) {
    if (error instanceof PolicyError) return false;
    throw error;
  }
}

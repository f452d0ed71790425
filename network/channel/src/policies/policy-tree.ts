import { common } from '@hyperledger/fabric-protos';
import { decodeImplicitMetaPolicy, ImplicitMetaPolicy } from './implicit-meta-policy.js';
import { PolicyError, type IdentitySource, type Policy } from './policy.js';
import { decodeSignaturePolicy, SignaturePolicy } from './signature-policy.js';

/** The policies of a configuration, group by group (common/policies, ManagerImpl). */
export class PolicyTree {
  readonly #policies = new Map<string, Policy>();
  readonly #children = new Map<string, PolicyTree>();

  /** @throws PolicyError if one of the policies can't be understood */
  constructor(
    readonly path: string,
    group: common.ConfigGroup,
    source: IdentitySource,
  ) {
    group.getGroupsMap().forEach((child, name) => {
      this.#children.set(name, new PolicyTree(`${path}/${name}`, child, source));
    });
    group.getPoliciesMap().forEach((entry, name) => {
      this.#policies.set(name, this.#compile(name, entry.getPolicy(), source));
    });
  }

  /** The subtree of a group, or undefined. */
  child(name: string): PolicyTree | undefined {
    return this.#children.get(name);
  }

  /** The policy of that name, or of that path below this group (`Application/Writers`), or undefined. */
  get(name: string): Policy | undefined {
    const slash = name.indexOf('/');
    if (slash < 0) return this.#policies.get(name);
    return this.#children.get(name.slice(0, slash))?.get(name.slice(slash + 1));
  }

  #compile(name: string, policy: common.Policy | undefined, source: IdentitySource): Policy {
    if (!policy) throw new PolicyError(`policy ${name} at path ${this.path} was nil`);
    const value = policy.getValue_asU8();
    switch (policy.getType()) {
      case common.Policy.PolicyType.SIGNATURE:
        return new SignaturePolicy(decodeSignaturePolicy(value), source);
      case common.Policy.PolicyType.IMPLICIT_META: {
        const definition = decodeImplicitMetaPolicy(value);
        const subPolicy = definition.getSubPolicy();
        const policies = [...this.#children.values()].map(
          (child) => child.get(subPolicy) ?? noSuchPolicy(subPolicy),
        );
        return new ImplicitMetaPolicy(definition, policies, source);
      }
      default:
        throw new PolicyError(
          `policy ${name} at path ${this.path} has unknown policy type: ${policy.getType()}`,
        );
    }
  }
}

/** The policy that nothing satisfies: Fabric's answer to a name that isn't there. */
export function noSuchPolicy(name: string): Policy {
  const refuse = (): never => {
    throw new PolicyError(`no such policy: '${name}'`);
  };
  return { evaluate: refuse, evaluateIdentities: refuse };
}

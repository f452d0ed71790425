/** What the network itself runs, declared on the ledger: each member's site and nodes, through its own gateway. */
import { rules, type NodeDeclaration, type SiteDeclaration } from 'umlauf-chaincode/api';
import type { Engine } from '../engine.js';
import type { LocalOrganization } from '../home/organizations.js';
import { call, RestProblem, type GatewayAccess } from '../rest.js';
import type { ConsortiumDescription } from './load.js';
import type { ListedMember } from './schema.js';

export interface InfrastructureParts {
  readonly description: ConsortiumDescription;
  readonly engine: Engine;
  /** Whether a gateway still runs: its member may be taken off the network meanwhile. */
  readonly isRunning: (gateway: GatewayAccess) => boolean;
  /** Told where a member's site could not be declared: the network runs without, the next start tries again. */
  readonly alarm: (text: string) => void;
}

type DeclaredNode = NonNullable<SiteDeclaration['nodes']>[number];

const siteId = ({ id }: ListedMember): string => `${id}-site`;

/** What runs at a member's site. */
export class Infrastructure {
  constructor(private readonly parts: InfrastructureParts) {}

  /**
   * Declares a member's site with its nodes in one transaction, once: what its operator changes afterwards stays.
   * @returns whether it was declared now
   */
  async declare(gateway: GatewayAccess, { member }: LocalOrganization): Promise<boolean> {
    try {
      if (await isThere(gateway, `/sites/${siteId(member)}`)) return false;
      const body: SiteDeclaration = {
        id: siteId(member),
        name: member.site?.name ?? member.legalName,
        kind: 'data-centre',
        ...(member.site?.municipality === undefined ? {} : { municipality: member.site.municipality }),
        runningSince: this.today(),
        nodes: await this.nodesOf(member),
      };
      await call(gateway, 'board', 'POST', '/sites', { body });
      return true;
    } catch (error) {
      this.refused(error, gateway, `the site of ${member.id}`);
      return false;
    }
  }

  /** Declares the orderer of a member that has become a consenter, at the site that was declared with it. */
  async declareOrderer(gateway: GatewayAccess, { member }: LocalOrganization): Promise<void> {
    try {
      for (const node of (await this.nodesOf(member)).filter(({ kind }) => kind === 'orderer')) {
        if (await isThere(gateway, `/nodes/${node.id}`)) continue;
        const body: NodeDeclaration = { ...node, site: siteId(member) };
        await call(gateway, 'board', 'POST', '/nodes', { body });
      }
    } catch (error) {
      this.refused(error, gateway, `the orderer of ${member.id}`);
    }
  }

  /** What runs here of a member; its peer and its orderers as the channel knows them. */
  private async nodesOf({ id, mspId }: ListedMember): Promise<DeclaredNode[]> {
    const { engine } = this.parts;
    const { ordererOrganizations } = await engine.configuration();
    const runningSince = this.today();
    const node = (name: string, kind: DeclaredNode['kind'], endpoint?: string): DeclaredNode => ({
      id: `${id}-${name}`,
      kind,
      ...(endpoint === undefined ? {} : { endpoint }),
      runningSince,
    });
    const orderers = ordererOrganizations.get(mspId)?.ordererEndpoints ?? [];
    return [
      node('peer', 'peer', engine.peer(mspId)?.endpoint),
      ...orderers.map((endpoint, index) =>
        node(index === 0 ? 'orderer' : `orderer-${index + 1}`, 'orderer', endpoint),
      ),
      ...(engine.servesChaincode(mspId) ? [node('chaincode', 'chaincode-service')] : []),
      node('gateway', 'gateway'),
    ];
  }

  private today(): string {
    return rules.legalDate(new Date().toISOString(), this.parts.description.bylaws.timeZone);
  }

  /** Whoever is no member any more, or none yet, declares nothing. */
  private refused(error: unknown, gateway: GatewayAccess, what: string): void {
    if (!this.parts.isRunning(gateway)) return;
    if (error instanceof RestProblem && (error.is('organization-not-allowed') || error.is('not-founded')))
      return;
    const reason = error instanceof Error ? error.message : String(error);
    this.parts.alarm(`${what} is not declared on the ledger: ${reason}`);
  }
}

async function isThere(gateway: GatewayAccess, path: string): Promise<boolean> {
  try {
    await call(gateway, 'auditor', 'GET', path);
    return true;
  } catch (error) {
    if (error instanceof RestProblem && error.is('not-found')) return false;
    throw error;
  }
}

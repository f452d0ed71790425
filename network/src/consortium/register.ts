/** The register of members as the gateways here have it. */
import type { Member, OpenPoint, Resolution } from 'umlauf-chaincode/api';
import { all, call, RestProblem, type GatewayAccess } from '../rest.js';
import { UserError } from '../user-error.js';
import { disagreements } from './disagreements.js';

export class Register {
  /** @param gateways those that run now */
  constructor(private readonly gateways: () => readonly GatewayAccess[]) {}

  /** Where register and network disagree, in either direction. */
  disagreements(): Promise<OpenPoint[]> {
    return this.read((gateway) => disagreements(gateway));
  }

  /** What is recorded of a member or applicant; undefined if nothing is. */
  async member(id: string): Promise<Member | undefined> {
    try {
      return await this.read(async (gateway) => {
        const { body } = await call<Member>(gateway, 'auditor', 'GET', `/members/${id}`);
        return body;
      });
    } catch (error) {
      if (error instanceof RestProblem && error.is('not-found')) return undefined;
      throw error;
    }
  }

  /** Everybody of whom anything is recorded. */
  members(): Promise<Member[]> {
    return this.read((gateway) => all<Member>(gateway, 'auditor', '/members'));
  }

  resolutions(): Promise<Resolution[]> {
    return this.read((gateway) => all<Resolution>(gateway, 'auditor', '/resolutions'));
  }

  /** Records that a member's organization is on the network, unless that is recorded. */
  async confirmJoined(gateway: GatewayAccess, memberId: string): Promise<void> {
    try {
      await call(gateway, 'board', 'POST', `/members/${memberId}/joined`);
    } catch (error) {
      if (!(error instanceof RestProblem && error.is('unchanged'))) throw error;
    }
  }

  /** Reads through the first gateway that may and can: a former member's may not. */
  async read<T>(reading: (gateway: GatewayAccess) => Promise<T>): Promise<T> {
    let refusal: unknown = new UserError('no gateway runs here');
    for (const gateway of this.gateways()) {
      try {
        return await reading(gateway);
      } catch (error) {
        refusal = error;
      }
    }
    throw refusal;
  }
}

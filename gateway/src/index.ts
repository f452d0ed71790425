/**
 * The REST gateway of one organization of the cooperative.
 *
 * @example
 * const gateway = await startGateway({ memberId: 'itdz-berlin', mspId: 'ItdzBerlinMSP', … });
 * await fetch(`${gateway.url}/api/v1/members`, { headers: { authorization: `Bearer ${token}` } });
 * await gateway.stop();
 */
export { startGateway, type RunningGateway } from './gateway.js';
export type { IdentityOptions, PeerOptions } from './fabric/settings.js';
export type { GatewayOptions } from './gateway-options.js';
export { GatewayOptionsError } from './options.js';
export type { ReportedFact } from './fabric/facts.js';
export type { Missing, Readiness } from './readiness.js';

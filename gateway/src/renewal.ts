/** What a running gateway can go on with instead of what it was started with. */
import { isDeepStrictEqual } from 'node:util';
import { ROLES } from 'umlauf-chaincode/api';
import { z } from 'zod';
import type { Assembly } from './assembly.js';
import type { Audit } from './audit/audit.js';
import type { KeyRing } from './fabric/key-ring.js';
import { Identities } from './fabric/settings.js';
import { peersOf } from './fabric/way.js';
import type { GatewayOptions } from './gateway-options.js';
import type { RunningGateway } from './gateway.js';
import type { Connections } from './http/connections.js';
import { renewTls, type AnyServer } from './http/server.js';
import { GatewayOptionsError, checked, checkedOptions, type CheckedOptions } from './options.js';
import type { Webhooks } from './webhooks/webhooks.js';

/** The options that are in force. */
export interface Settings {
  current: CheckedOptions;
}

interface Renewed {
  readonly keys: KeyRing;
  readonly server: AnyServer;
  readonly connections: Connections;
  readonly audit: Audit;
  readonly webhooks: Pick<Webhooks, 'renew'> | undefined;
}

export function renewal(
  settings: Settings,
  { keys, server, connections, audit, webhooks }: Renewed,
  { client, access, answers, streams }: Pick<Assembly, 'client' | 'access' | 'answers' | 'streams'>,
): Pick<RunningGateway, 'renewIdentities' | 'renew' | 'reopenAudit'> {
  return {
    renewIdentities: (options) => {
      const identities = checkedIdentities(options, settings.current.identities);
      client.renew(keys.identities(identities));
      answers.forget();
      settings.current = { ...settings.current, identities };
    },
    renew: (options) => {
      const next = renewable(checkedOptions(options), settings.current);
      const identities = keys.identities(next.identities);
      const { tls } = next.listen;
      // Connections needn't end for whatever else a gateway is told to read anew.
      if (tls && !isDeepStrictEqual(provenBy(next), provenBy(settings.current)))
        renewTls(server, tls, next.auth.certificates?.authorities, connections);
      client.renew(identities, peersOf(next));
      answers.forget();
      access.renew(next);
      // Who may not call any more is sent nothing more; the others come again with what they received last.
      streams.end();
      webhooks?.renew(next.webhooks);
      settings.current = next;
    },
    reopenAudit: () => audit.reopen(),
  };
}

/** What decides by which certificates server and clients prove who they are. */
const provenBy = ({ listen, auth }: CheckedOptions) => [listen.tls, auth.certificates?.authorities];

const MUST_BE_AS_BEFORE = 'must be there exactly if it was there before';

/**
 * Checks identities that are to take the place of others: of the same roles, since what a gateway offers stays the same.
 * @throws {GatewayOptionsError} with every error at once.
 */
function checkedIdentities(
  identities: GatewayOptions['identities'],
  before: GatewayOptions['identities'],
): CheckedOptions['identities'] {
  const found = checked(z.object({ identities: Identities }).safeParse({ identities })).identities;
  const missing = ROLES.filter((role) => (before[role] === undefined) !== (found[role] === undefined));
  if (missing.length === 0) return found;
  throw new GatewayOptionsError(
    missing.map((role) => ({
      path: `identities.${role}`,
      message: MUST_BE_AS_BEFORE,
    })),
  );
}

/**
 * Checks options that a running gateway is to go on with: what was opened with the old ones must be of the same kind.
 * @throws {GatewayOptionsError} with every error at once.
 */
function renewable(next: CheckedOptions, before: CheckedOptions): CheckedOptions {
  const issues = [
    { path: 'listen.tls', changed: !next.listen.tls !== !before.listen.tls },
    { path: 'auth.certificates', changed: !next.auth.certificates !== !before.auth.certificates },
  ].flatMap(({ path, changed }) => (changed ? [{ path, message: MUST_BE_AS_BEFORE }] : []));
  if (issues.length > 0) throw new GatewayOptionsError(issues);
  checkedIdentities(next.identities, before.identities);
  return next;
}

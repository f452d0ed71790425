/** What a running gateway can go on with instead of what it was started with. */
import type { Assembly } from './assembly.js';
import type { Audit } from './audit/audit.js';
import type { KeyRing } from './fabric/key-ring.js';
import type { RunningGateway } from './gateway.js';
import { renewTls, type AnyServer } from './http/server.js';
import { checkedIdentities, checkedOptions, renewable, type CheckedOptions } from './options.js';

/** The options that are in force. */
export interface Settings {
  current: CheckedOptions;
}

interface Renewed {
  readonly keys: KeyRing;
  readonly server: AnyServer;
  readonly audit: Audit;
}

export function renewal(
  settings: Settings,
  { keys, server, audit }: Renewed,
  { client, access, answers }: Pick<Assembly, 'client' | 'access' | 'answers'>,
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
      if (tls) renewTls(server, tls, next.auth.certificates?.authorities);
      client.renew(identities);
      answers.forget();
      access.renew(next);
      settings.current = next;
    },
    reopenAudit: () => audit.reopen(),
  };
}

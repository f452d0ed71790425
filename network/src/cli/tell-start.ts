/** What `umlauf start` tells, to people and to scripts. */
import type { GatewayAccess } from '../rest.js';
import { DEFAULT_HOME } from './options.js';

export type Told =
  | { readonly step: string; readonly transactionId?: string | undefined }
  /** What members on other machines have to do before it goes on. */
  | { readonly waitsFor: string }
  | { readonly alarm: string }
  | { readonly notice: string }
  /** A member's organization that joined while the consortium was up. */
  | { readonly joined: GatewayAccess }
  /** All gateways are ready; `endpoints` is the file with their tokens. */
  | { readonly up: readonly GatewayAccess[]; readonly endpoints: string }
  | { readonly stopping: true }
  | { readonly stopped: true };

/** One JSON object a line; tokens are in the home's file alone. */
export function tellScripts(told: Told): void {
  const known = ({ memberId, mspId, url }: GatewayAccess) => ({ memberId, mspId, url });
  const shown =
    'joined' in told
      ? { joined: known(told.joined) }
      : 'up' in told
        ? { ...told, up: told.up.map(known) }
        : told;
  process.stdout.write(`${JSON.stringify(shown)}\n`);
}

/** In lines and a table. */
export function tellPeople(home: string): (told: Told) => void {
  return (told) => process.stdout.write(`${words(told, home)}\n`);
}

function words(told: Told, home: string): string {
  if ('step' in told)
    return `✓ ${told.step}${told.transactionId === undefined ? '' : `  ${told.transactionId}`}`;
  if ('waitsFor' in told) return `… waits for ${told.waitsFor}`;
  if ('alarm' in told) return `! ALARM: ${told.alarm}`;
  if ('notice' in told) return `! ${told.notice}`;
  if ('joined' in told)
    return `\n${told.joined.memberId} has joined the network:\n${row(told.joined, home).join('  ')}`;
  if ('up' in told)
    return (
      `\n${table(told.up, home)}\n\n` +
      `Tokens: ${told.endpoints}, or ${tokenCommand(home)} <member> <role>. API: <URL>/docs. Stop with Ctrl-C.`
    );
  return 'stopping' in told ? '\nStopping …' : 'Stopped; the ledger is kept.';
}

type Row = readonly [memberId: string, mspId: string, url: string, call: string];

/** What to type for a token of this home; the default one needs no mention. */
function tokenCommand(home: string): string {
  return home === DEFAULT_HOME ? 'npx umlauf token' : `npx umlauf token --home ${home}`;
}

function row({ memberId, mspId, url }: GatewayAccess, home: string): Row {
  const call = `curl -H "Authorization: Bearer $(${tokenCommand(home)} ${memberId} auditor)" ${url}/api/v1/members`;
  return [memberId, mspId, url, call];
}

function table(gateways: readonly GatewayAccess[], home: string): string {
  const rows: Row[] = [
    ['MEMBER', 'MSP', 'URL', 'HOW TO CALL IT'],
    ...gateways.map((gateway) => row(gateway, home)),
  ];
  const width = (column: number) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0));
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(width(column)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

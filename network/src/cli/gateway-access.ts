/** Which gateway the members' commands call, and on whose behalf. */
import { Option, type Command } from 'commander';
import { endpointsOf, notRunning } from '../home/running.js';
import type { GatewayAccess, TokenRole } from '../rest.js';
import { UserError } from '../user-error.js';
import { DEFAULT_HOME } from './options.js';

export const ROLES = ['representative', 'board', 'auditor'] as const satisfies readonly TokenRole[];

export interface AccessOptions {
  readonly gateway?: string;
  readonly token?: string;
  readonly home: string;
  readonly as?: string;
  readonly role?: TokenRole;
}

/** Adds the options that every member's command has. */
export function withAccess(command: Command): Command {
  return command
    .addOption(new Option('--gateway <url>', "the member's gateway").env('UMLAUF_GATEWAY'))
    .addOption(new Option('--token <token>', 'bearer token for it').env('UMLAUF_TOKEN'))
    .option('--as <member>', 'instead of both: the gateway of this member of a consortium that runs here')
    .addOption(
      new Option('--role <office>', 'with --as: whose token (default: the one that the act needs)').choices(
        ROLES,
      ),
    )
    .option('--home <directory>', 'with --as: where it is kept', DEFAULT_HOME)
    .option('--json', 'print the answer as one JSON object and nothing else');
}

/** A gateway, and a token for it. */
export interface Access {
  readonly url: string;
  readonly token: string;
}

/**
 * The gateway that the options name.
 * @param role that the act needs.
 * @throws {UserError} if they name none.
 */
export const accessOf = (options: AccessOptions, role: TokenRole): Access =>
  options.as === undefined ? named(options) : ofHome(options.as, options, role);

function named({ gateway, token, role }: AccessOptions): Access {
  if (role !== undefined) throw new UserError('--role needs --as: a token has its role');
  if (gateway === undefined || token === undefined)
    throw new UserError(
      'which gateway? give --gateway and --token (or UMLAUF_GATEWAY and UMLAUF_TOKEN), or --as MEMBER',
    );
  if (!URL.canParse(gateway) || !/^https?:$/.test(new URL(gateway).protocol))
    throw new UserError(`${gateway}: is not the URL of a gateway, such as https://gateway.itdz.example`);
  return { url: new URL(gateway).origin, token };
}

function ofHome(memberId: string, { home, role }: AccessOptions, needed: TokenRole): Access {
  const { url, tokens } = gatewayOf(home, memberId);
  return { url, token: tokens[role ?? needed] };
}

/**
 * A member's gateway of a consortium that runs here, with a token for each office.
 * @throws {UserError} if it doesn't run, or the member has none.
 */
export function gatewayOf(home: string, memberId: string): GatewayAccess {
  const endpoints = endpointsOf(home);
  if (!endpoints) throw notRunning(home);
  const access = endpoints.find((endpoint) => endpoint.memberId === memberId);
  if (access) return access;
  const others = endpoints.map((endpoint) => endpoint.memberId).join(', ');
  throw new UserError(`${memberId} has no gateway here; these have: ${others}`);
}

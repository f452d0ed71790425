import { Command } from 'commander';
import { Consortium } from '../consortium/consortium.js';
import { loadConsortium } from '../consortium/load.js';
import { startEmbeddedEngine } from '../engines/embedded.js';
import { openHome } from '../home/home.js';
import type { GatewayAccess } from '../rest.js';
import { interruption } from './interruption.js';
import { consortiumOption, engineOption, homeOption } from './options.js';

interface StartOptions {
  readonly home: string;
  readonly fresh?: boolean;
  readonly consortium: string;
}

export function startCommand(): Command {
  return new Command('start')
    .description('bring up the consortium and keep it running until Ctrl-C')
    .addOption(homeOption())
    .option('--fresh', 'begin anew: what the home holds is removed')
    .addOption(consortiumOption('consortium.yaml'))
    .addOption(engineOption())
    .action(start);
}

async function start(options: StartOptions): Promise<void> {
  const description = loadConsortium(options.consortium);
  const home = openHome(options.home, { fresh: options.fresh ?? false });
  const interrupted = interruption();
  const say = (line: string) => process.stdout.write(`${line}\n`);
  let tableShown = false;
  try {
    const consortium = await Consortium.start(home, description, startEmbeddedEngine, {
      step: (text, transactionId) =>
        say(`✓ ${text}${transactionId === undefined ? '' : `  ${transactionId}`}`),
      joined: (gateway) => {
        if (tableShown)
          say(`\n${gateway.memberId} has joined the network:\n${row(gateway, widths([gateway]))}`);
      },
      alarm: (text) => say(`! ALARM: ${text}`),
    });
    say(`\n${table(consortium.gateways)}\n`);
    say(
      `Tokens: ${home.path('endpoints.json')}, or npx umlauf token <member> <role>. API: <URL>/docs. Stop with Ctrl-C.`,
    );
    tableShown = true;
    await interrupted.requested;
    say('\nStopping …');
    await consortium.stop();
    say('Stopped; the ledger is kept.');
  } finally {
    interrupted.release();
    home.close();
  }
}

function columns({ memberId, mspId, url }: GatewayAccess): [string, string, string, string] {
  return [
    memberId,
    mspId,
    url,
    `curl -H "Authorization: Bearer $(npx umlauf token ${memberId} auditor)" ${url}/api/v1/members`,
  ];
}

function widths(gateways: readonly GatewayAccess[]): number[] {
  return [0, 1, 2].map((column) =>
    Math.max(...gateways.map((gateway) => columns(gateway)[column]?.length ?? 0)),
  );
}

function row(gateway: GatewayAccess, width: readonly number[]): string {
  return columns(gateway)
    .map((text, column) => text.padEnd(width[column] ?? 0))
    .join('  ');
}

function table(gateways: readonly GatewayAccess[]): string {
  const width = widths(gateways);
  const header = ['MEMBER', 'MSP', 'URL', 'HOW TO CALL IT']
    .map((text, column) => text.padEnd(width[column] ?? 0))
    .join('  ');
  return [header, ...gateways.map((gateway) => row(gateway, width))].join('\n');
}

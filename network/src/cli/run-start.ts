import { Consortium } from '../consortium/consortium.js';
import type { ConsortiumEvents } from '../consortium/events.js';
import { engineStarter } from '../engines/engines.js';
import { killLeftovers } from '../engines/fabric/leftovers.js';
import { openHome } from '../home/home.js';
import type { GatewayAccess } from '../rest.js';
import { interruption } from './interruption.js';
import { DEFAULT_HOME } from './options.js';
import { describeOtherCode } from './run-chaincode.js';
import { settle, type RunOptions } from './settle.js';

/** Brings the consortium up and keeps it running until a signal asks to stop. */
export async function start(options: RunOptions): Promise<void> {
  const { engine, description, manual, homeOptions } = await settle(options);
  const { orderers } = options;
  const home = openHome(options.home, homeOptions);
  const interrupted = interruption(() => killLeftovers(home)); // none on the embedded network
  const say = (line: string) => process.stdout.write(`${line}\n`);
  let tableShown = false;
  try {
    const step = (text: string, transactionId?: string) =>
      say(`✓ ${text}${transactionId === undefined ? '' : `  ${transactionId}`}`);
    const starter = await engineStarter(engine, orderers === undefined ? {} : { orderers });
    const events: ConsortiumEvents = {
      step,
      joined: (gateway) => {
        if (tableShown)
          say(`\n${gateway.memberId} has joined the network:\n${row(gateway, options.home).join('  ')}`);
      },
      alarm: (text) => say(`! ALARM: ${text}`),
    };
    const { signal } = interrupted;
    const consortium = await Consortium.start(home, description, starter, events, { manual, signal });
    const otherCode = describeOtherCode(await consortium.engine.chaincode());
    if (otherCode !== undefined) say(`! ${otherCode}`);
    say(`\n${table(consortium.gateways, options.home)}\n`);
    say(
      `Tokens: ${home.path('endpoints.json')}, or ${tokenCommand(options.home)} <member> <role>. API: <URL>/docs. Stop with Ctrl-C.`,
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

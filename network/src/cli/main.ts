/**
 * The command line. Errors that a user can put right are one line and exit code 1; with `--json` they are also an object
 * on standard output, so that scripts find one there in any case.
 */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { gatewayCommand } from 'umlauf-gateway/command';
import { UserError } from '../user-error.js';
import { UnexpectedOutcome } from '../story/expectation.js';
import { announcementCommand } from './announcement.js';
import { certCommand } from './cert.js';
import { chaincodeCommand } from './chaincode.js';
import { csrCommand } from './csr.js';
import { demoCommand } from './demo.js';
import { doctorCommand } from './doctor.js';
import { documentCommand } from './document.js';
import { fabricCommand } from './fabric.js';
import { genesisCommand } from './genesis.js';
import { infrastructureCommand, nodeCommand, siteCommand } from './infrastructure.js';
import { ledgerCommand } from './ledger.js';
import { logsCommand } from './logs.js';
import { memberCommand } from './member.js';
import { orgCommand } from './org.js';
import { participationCommand, projectCommand } from './project.js';
import { serviceCommand, useCommand } from './service.js';
import { resolutionCommand } from './resolution.js';
import { startCommand } from './start.js';
import { statusCommand } from './status.js';
import { tokenCommand } from './token.js';
import { downCommand, restartCommand, upCommand } from './up.js';
import { verifyCommand } from './verify.js';
import { watchCommand } from './watch.js';
import { webhookCommand } from './webhook.js';

export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('umlauf')
    .description('Members and resolutions of a public cooperative, on Hyperledger Fabric')
    .version(version(), '--version', 'print the version of Umlauf')
    .addCommand(startCommand())
    .addCommand(demoCommand())
    .addCommand(tokenCommand())
    .addCommand(memberCommand())
    .addCommand(resolutionCommand())
    .addCommand(projectCommand())
    .addCommand(participationCommand())
    .addCommand(siteCommand())
    .addCommand(nodeCommand())
    .addCommand(infrastructureCommand())
    .addCommand(serviceCommand())
    .addCommand(useCommand())
    .addCommand(documentCommand())
    .addCommand(announcementCommand())
    .addCommand(watchCommand())
    .addCommand(webhookCommand())
    .addCommand(upCommand())
    .addCommand(downCommand())
    .addCommand(restartCommand())
    .addCommand(statusCommand())
    .addCommand(logsCommand())
    .addCommand(doctorCommand())
    .addCommand(certCommand())
    .addCommand(csrCommand())
    .addCommand(fabricCommand())
    .addCommand(genesisCommand())
    .addCommand(orgCommand())
    .addCommand(chaincodeCommand())
    .addCommand(gatewayCommand())
    .addCommand(ledgerCommand())
    .addCommand(verifyCommand());
  pointToHelp(program, program.name());
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode;
    else {
      process.exitCode = 1;
      process.stderr.write(`umlauf: ${describe(error)}\n`);
    }
    if (argv.includes('--json') && process.exitCode !== 0)
      process.stdout.write(`${JSON.stringify({ error: describe(error) })}\n`);
  }
}

/** Has a command and all below it throw their errors, and say which help tells what is allowed. */
function pointToHelp(command: Command, path: string): void {
  command.exitOverride().showHelpAfterError(`(${path} --help tells what is allowed)`);
  for (const below of command.commands) pointToHelp(below, `${path} ${below.name()}`);
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function describe(error: unknown): string {
  if (error instanceof CommanderError) return error.message.replace(/^error: /, '');
  if (error instanceof UserError || error instanceof UnexpectedOutcome) return error.message;
  // Of the gateway's command, which is loaded only when it is called.
  if (error instanceof Error && ['ConfigurationError', 'JournalError'].includes(error.name))
    return error.message;
  if (error instanceof Error)
    return process.env['UMLAUF_DEBUG'] === undefined
      ? `${error.name}: ${error.message}`
      : (error.stack ?? error.message);
  return String(error);
}

import { Command } from 'commander';
import { withAccess } from './gateway-access.js';
import { withExample, withKey } from './member-options.js';
import type { ActOptions } from './member-act.js';
import type {
  EndOptions,
  InfrastructureOptions,
  NodeListOptions,
  SiteListOptions,
} from './run-infrastructure.js';

const run = () => import('./run-infrastructure.js'); // what it needs takes long to load
const STATUSES = 'planned, running, ended';

export function siteCommand(): Command {
  const command = new Command('site').description(
    "data centres and clouds that members operate, through a member's gateway",
  );
  withExample(
    withAccess(command.command('list'))
      .description('sites, in the order of their declarations')
      .option('--member <member>', 'those that a member operates')
      .option('--kind <kind>', 'those of a kind: data-centre, cloud')
      .option('--status <status>', `those of a status: ${STATUSES}`)
      .action(async (options: SiteListOptions) => (await run()).listSites(options)),
    'umlauf site list --as itdz-berlin --status running',
  );
  withExample(
    withAccess(command.command('show'))
      .description('one site')
      .argument('<id>', 'id of the site')
      .action(async (id: string, options: ActOptions) => (await run()).showSite(id, options)),
    'umlauf site show itdz-berlin-site --as itdz-berlin',
  );
  withExample(
    withKey(withAccess(command.command('declare')))
      .description("declare a site that the gateway's member operates, with its first nodes; by its board")
      .argument('<file>', 'the site in JSON, - for standard input')
      .action(async (file: string, options: ActOptions) => (await run()).declareSite(file, options)),
    'umlauf site declare site.json --as itdz-berlin',
  );
  withExample(
    withKey(withAccess(command.command('change')))
      .description('change what is declared of a site, or declare since when it runs; by its operator')
      .argument('<id>', 'id of the site')
      .argument('<file>', 'what changes, in JSON, - for standard input')
      .action(async (id: string, file: string, options: ActOptions) =>
        (await run()).changeSite(id, file, options),
      ),
    `echo '{"runningSince":"2026-09-01"}' | umlauf site change itdz-berlin-site - --as itdz-berlin`,
  );
  withExample(
    withKey(withAccess(command.command('end')))
      .description('end a site, at which no node runs any more; by its operator')
      .argument('<id>', 'id of the site')
      .requiredOption('--on <date>', 'its last day (YYYY-MM-DD)')
      .action(async (id: string, options: EndOptions) => (await run()).endSite(id, options)),
    'umlauf site end itdz-berlin-site --on 2026-12-31 --as itdz-berlin',
  );
  return command;
}

export function nodeCommand(): Command {
  const command = new Command('node').description(
    "running parts of the infrastructure at the members' sites, through a member's gateway",
  );
  withExample(
    withAccess(command.command('list'))
      .description('nodes, in the order of their declarations')
      .option('--member <member>', 'those that a member operates')
      .option('--site <site>', 'those at a site')
      .option('--kind <kind>', 'those of a kind: peer, orderer, chaincode-service, gateway, other')
      .option('--status <status>', `those of a status: ${STATUSES}`)
      .action(async (options: NodeListOptions) => (await run()).listNodes(options)),
    'umlauf node list --as itdz-berlin --kind peer --status running',
  );
  withExample(
    withAccess(command.command('show'))
      .description('one node')
      .argument('<id>', 'id of the node')
      .action(async (id: string, options: ActOptions) => (await run()).showNode(id, options)),
    'umlauf node show itdz-berlin-peer --as itdz-berlin',
  );
  withExample(
    withKey(withAccess(command.command('declare')))
      .description("declare a node at a site of the gateway's member; by its board")
      .argument('<file>', 'the node in JSON, - for standard input')
      .action(async (file: string, options: ActOptions) => (await run()).declareNode(file, options)),
    'umlauf node declare node.json --as itdz-berlin',
  );
  withExample(
    withKey(withAccess(command.command('change')))
      .description('change what is declared of a node, or declare since when it runs; by its operator')
      .argument('<id>', 'id of the node')
      .argument('<file>', 'what changes, in JSON, - for standard input')
      .action(async (id: string, file: string, options: ActOptions) =>
        (await run()).changeNode(id, file, options),
      ),
    `echo '{"runningSince":"2026-09-01"}' | umlauf node change itdz-berlin-peer - --as itdz-berlin`,
  );
  withExample(
    withKey(withAccess(command.command('end')))
      .description('end a node; by its operator')
      .argument('<id>', 'id of the node')
      .requiredOption('--on <date>', 'its last day (YYYY-MM-DD)')
      .action(async (id: string, options: EndOptions) => (await run()).endNode(id, options)),
    'umlauf node end itdz-berlin-peer --on 2026-12-31 --as itdz-berlin',
  );
  return command;
}

export function infrastructureCommand(): Command {
  const command = new Command('infrastructure');
  return withExample(
    withAccess(command)
      .description("what members declare to run, beside what a member's gateway sees on the channel")
      .option(
        '--status <status>',
        'agrees, planned, unobservable, or a difference: declared-not-seen, seen-not-declared',
      )
      .action(async (options: InfrastructureOptions) => (await run()).showInfrastructure(options)),
    'umlauf infrastructure --as itdz-berlin --status declared-not-seen',
  );
}

import type { MachineFacts } from '../facts.js';
import { ok, wrong, type Finding } from '../finding.js';

/** What package.json asks for. */
const NODE = { major: 20, minor: 19 };
/** A block holds up to 10 MB, and the stores of peers and orderers write logs before they tidy up. */
const LEAST_FREE_BYTES = 1024 ** 3;
const MEGABYTE = 1024 * 1024;

/** Whether this machine can run Umlauf. */
export function checkMachine({ nodeVersion, engine, fabric, freeBytes }: MachineFacts): Finding[] {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const nodeWillDo = major > NODE.major || (major === NODE.major && minor >= NODE.minor);
  const free = `${Math.round(freeBytes / MEGABYTE)} MB free`;
  return [
    nodeWillDo
      ? ok('Node', nodeVersion)
      : wrong('Node', `${nodeVersion} is too old`, `install Node ${NODE.major}.${NODE.minor} or later`),
    fabricFinding(engine, fabric),
    freeBytes >= LEAST_FREE_BYTES
      ? ok('disk', free)
      : wrong(
          'disk',
          `only ${free}: peers and orderers stop when they cannot write`,
          'make room, or move the home',
        ),
  ];
}

function fabricFinding(engine: MachineFacts['engine'], fabric: MachineFacts['fabric']): Finding {
  if ('version' in fabric) return ok('Fabric', fabric.version);
  return engine === 'fabric'
    ? wrong('Fabric', fabric.missing, 'npx umlauf fabric install')
    : ok('Fabric', 'not on this machine, and the embedded network needs none of it');
}

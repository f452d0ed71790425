import { readBlockFiles } from '../verify/block-file.js';
import type { Finding, Report } from '../verify/report.js';
import { verify } from '../verify/verify.js';
import { progressLine } from './progress-line.js';

export interface VerifyCommandOptions {
  readonly genesis?: string;
  readonly height?: number;
  readonly last?: string;
  readonly chaincode: string;
  readonly json?: boolean;
}

/** Verifies files of blocks and prints what was found; exit code 1 if anything doesn't hold. */
export async function verifyFiles(files: readonly string[], options: VerifyCommandOptions): Promise<void> {
  const { json, ...known } = options;
  const progress = progressLine(json !== true);
  const report = await verify(readBlockFiles(files), {
    ...known,
    progress: (blocks) => progress.show(`${blocks} blocks`),
  });
  progress.clear();
  process.stdout.write(json === true ? `${JSON.stringify(report)}\n` : `${describe(report)}\n`);
  if (!report.holds) process.exitCode = 1;
}

function describe(report: Report): string {
  const { checked, findings, moreFindings } = report;
  return [
    `channel       ${report.channel ?? 'unknown'}`,
    `genesis hash  ${report.genesis}`,
    `height        ${report.height}`,
    `last hash     ${report.last}`,
    `checked       ${checked.blocks} blocks, ${checked.configurations} configurations, ` +
      `${checked.transactions} transactions (${checked.valid} valid)`,
    ...findings.map((finding) => `✗ ${place(finding)}${finding.message} [${finding.check}]`),
    ...(moreFindings > 0 ? [`✗ and ${moreFindings} more`] : []),
    report.holds ? '✓ everything holds' : `✗ ${findings.length + moreFindings} things do not hold`,
  ].join('\n');
}

function place({ block, transaction }: Finding): string {
  const where = [
    ...(block === undefined ? [] : [`block ${block}`]),
    ...(transaction === undefined ? [] : [`transaction ${transaction}`]),
  ];
  return where.length === 0 ? '' : `${where.join(', ')}: `;
}

import { accessSync, constants } from 'node:fs';
import { UserError } from '../user-error.js';
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
  files.forEach(checkReadable);
  const progress = progressLine(json !== true);
  const report = await verify(readBlockFiles(files), {
    ...known,
    progress: (blocks) => progress.show(`${blocks} blocks`),
  });
  progress.clear();
  process.stdout.write(json === true ? `${JSON.stringify(report)}\n` : `${describe(report)}\n`);
  if (!report.holds) process.exitCode = 1;
}

/** A file that isn't there says nothing of a ledger. @throws UserError naming it */
function checkReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw new UserError(`${file}: can't be read: ${(error as Error).message}`);
  }
}

function describe(report: Report): string {
  const { findings, moreFindings } = report;
  return [
    `channel       ${report.channel ?? 'unknown'}`,
    `genesis hash  ${report.genesis}`,
    `height        ${report.height}`,
    `last hash     ${report.last}`,
    ...checkedLines(report),
    ...findings.map((finding) => `✗ ${place(finding)}${finding.message} [${finding.check}]`),
    ...(moreFindings > 0 ? [`✗ and ${moreFindings} more`] : []),
    report.holds ? '✓ everything holds' : `✗ does not hold: ${findings.length + moreFindings} findings`,
  ].join('\n');
}

function checkedLines({ checked, members, resolutions, organizations, openPoints }: Report): string[] {
  const acts = Object.entries(checked.acts).map(([name, count]) => `${count} × ${name}`);
  return [
    `checked       ${checked.blocks} blocks, ${checked.configurations} configurations, ` +
      `${checked.transactions} transactions (${checked.valid} valid)`,
    ...(acts.length > 0 ? [`acts          ${acts.join(', ')}`] : []),
    ...(checked.unknownTypes.length > 0
      ? [`NOT JUDGED    what keys of these types hold: ${checked.unknownTypes.join(', ')}`]
      : []),
    ...section('members', members, ({ id, status, ...admission }) => [id, status, cover(admission)]),
    ...section('resolutions', resolutions, ({ id, status, yes, no, abstain, notCast }) => [
      id,
      status,
      yes === undefined ? '' : `${yes} yes, ${no} no, ${abstain} abstentions, ${notCast} not cast`,
    ]),
    ...section('organizations', organizations, ({ mspId, since, ...covered }) => [
      mspId,
      `since block ${since}`,
      cover(covered),
    ]),
    ...openPoints.map(({ kind, memberId, mspId }) =>
      kind === 'member-without-organization'
        ? `open point    ${memberId} is a member, its organization ${mspId} is not on the channel`
        : `open point    the membership of ${memberId} has ended, its organization ${mspId} is still on the channel`,
    ),
  ];
}

const cover = ({ resolutionId, foundation }: { resolutionId?: string; foundation?: string }): string => {
  if (resolutionId !== undefined) return `by resolution ${resolutionId}`;
  return foundation === undefined ? '' : `by the foundation ${foundation.slice(0, 16)}…`;
};

function section<T>(title: string, items: readonly T[], row: (item: T) => readonly string[]): string[] {
  const rows = items.map(row);
  const width = (column: number) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0));
  return [
    `${title.padEnd(14)}${items.length}`,
    ...rows.map((cells) =>
      `  ${cells.map((cell, column) => cell.padEnd(width(column))).join('  ')}`.trimEnd(),
    ),
  ];
}

function place({ block, transaction }: Finding): string {
  const where = [
    ...(block === undefined ? [] : [`block ${block}`]),
    ...(transaction === undefined ? [] : [`transaction ${transaction}`]),
  ];
  return where.length === 0 ? '' : `${where.join(', ')}: `;
}

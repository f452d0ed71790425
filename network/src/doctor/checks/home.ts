import type { HomeFacts } from '../facts.js';
import { ok, wrong, wrongOr, type Finding } from '../finding.js';

/** Time enough to have certificates made by an authority that takes its time. */
const RENEW_WITHIN_DAYS = 30;
const DAY_MS = 86_400_000;

/** Whether what a home holds is sound. */
export function checkHome(facts: HomeFacts, now: Date): Finding[] {
  return [
    lockFinding(facts),
    ...wrongOr(processFindings(facts), ok('processes', processText(facts))),
    ...wrongOr(
      facts.takenPorts.map(({ memberId, kind, port }) =>
        wrong(
          'ports',
          `${port}, which the ${kind} of ${memberId} keeps, is taken by another process`,
          `end that process (lsof -i :${port} names it), or give another port in the consortium file`,
        ),
      ),
      ok('ports', 'none is taken by others'),
    ),
    ...wrongOr(certificateFindings(facts, now), ok('certificates', certificateText(facts))),
  ];
}

function lockFinding({ lock }: HomeFacts): Finding {
  if (!lock) return ok('lock', 'nothing runs here');
  if (lock.alive) return ok('lock', `held by process ${lock.pid}`);
  return wrong(
    'lock',
    `left by process ${lock.pid}, which did not come to a clean end`,
    'umlauf up: it takes the lock over and goes on where the other stopped',
  );
}

function processFindings({ lock, processes }: HomeFacts): Finding[] {
  if (lock?.alive === true)
    return processes
      .filter(({ running }) => !running)
      .map(({ name }) =>
        wrong(
          'processes',
          `${name} has ended`,
          `see umlauf logs ${name}; it is tried again, ever more seldom`,
        ),
      );
  const left = processes.filter(({ running }) => running);
  return left.length === 0
    ? []
    : [
        wrong(
          'processes',
          `left running without the process that started them: ${left.map(({ name, pid }) => `${name} (${pid})`).join(', ')}`,
          'umlauf up takes them over, umlauf down stops them',
        ),
      ];
}

function processText({ processes }: HomeFacts): string {
  const running = processes.filter(({ running }) => running).length;
  return running === 0 ? 'no native ones' : `${running} run`;
}

function certificateFindings({ certificates, unfinishedRenewals }: HomeFacts, now: Date): Finding[] {
  const soon = certificates.filter(
    ({ expires }) => expires.getTime() < now.getTime() + RENEW_WITHIN_DAYS * DAY_MS,
  );
  return [
    ...soon.map(({ memberId, name, expires }) =>
      wrong(
        'certificates',
        `${name} of ${memberId} ${expires < now ? 'expired' : 'expires'} on ${expires.toISOString().slice(0, 10)}`,
        `umlauf cert renew ${memberId}`,
      ),
    ),
    ...unfinishedRenewals.map((memberId) =>
      wrong(
        'certificates',
        `the renewal for ${memberId} was interrupted`,
        `umlauf cert renew ${memberId} finishes it`,
      ),
    ),
  ];
}

function certificateText({ certificates }: HomeFacts): string {
  if (certificates.length === 0) return 'none yet';
  const first = Math.min(...certificates.map(({ expires }) => expires.getTime()));
  return `${certificates.length}, the first expires on ${new Date(first).toISOString().slice(0, 10)}`;
}

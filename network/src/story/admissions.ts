/**
 * The first part of the story: seventeen founders admit North Rhine-Westphalia by a unanimous circular resolution, turn a
 * fictional applicant away, and admit Bavaria together with their new member.
 */
import { createHash } from 'node:crypto';
import type { Member, MemberApplication } from 'umlauf-chaincode/api';
import { all } from '../rest.js';
import { expect } from './expectation.js';
import { CHAIR, PROPOSER, type Teller } from './teller.js';

export const NRW = 'north-rhine-westphalia';
export const BAVARIA = 'bavaria';
const FICTIONAL = 'fictional-provider';

/** @returns ids of the resolutions. */
export async function playAdmissions(teller: Teller): Promise<string[]> {
  const founders = await all<Member>(teller.stage.gateway(CHAIR), 'auditor', '/members?status=admitted');
  expect(
    founders.length === teller.stage.gateways.length,
    'every founder is an admitted member with a gateway of its own',
  );
  const byCategory = (category: string) => founders.filter((member) => member.category === category).length;
  teller.report({
    text:
      `${founders.length} founding members: ${byCategory('municipal-and-state-provider')} municipal-and-state providers, ` +
      `${byCategory('state-provider')} state providers, ${byCategory('federal-enterprise')} federal enterprise`,
  });

  await teller.apply(teller.stage.application(NRW));
  const first = await teller.admission(NRW, 'Aufnahme des Landes Nordrhein-Westfalen');
  for (const gateway of teller.stage.gateways) await teller.vote(gateway, first, 'yes');
  await teller.decide(first, 'adopted');
  const nrw = await teller.welcome(NRW, first);
  expect(nrw.office === 'CIO' && nrw.operator === 'IT.NRW', 'represented by its CIO, operated by IT.NRW');

  await teller.apply(fictionalApplicant());
  const second = await teller.admission(FICTIONAL, 'Aufnahme eines erfundenen Anbieters');
  await teller.vote(teller.stage.gateway(PROPOSER), second, 'no');
  await teller.decide(second, 'rejected');
  const rejected = await teller.member(FICTIONAL);
  expect(rejected.status === 'rejected', 'the fictional applicant is rejected');

  await teller.apply(teller.stage.application(BAVARIA));
  const third = await teller.admission(BAVARIA, 'Aufnahme des Freistaats Bayern');
  expect(
    teller.stage.gateways.some(({ memberId }) => memberId === NRW),
    'North Rhine-Westphalia has a gateway of its own',
  );
  for (const gateway of teller.stage.gateways) await teller.vote(gateway, third, 'yes');
  await teller.decide(third, 'adopted');
  await teller.welcome(BAVARIA, third);

  return [first, second, third];
}

function fictionalApplicant(): MemberApplication {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  return {
    id: FICTIONAL,
    legalName: 'Erfundene IT-Dienste (Beispiel)',
    levels: ['municipal'],
    category: 'municipal-provider',
    mspId: 'FictionalProviderMSP',
    mspFingerprints: { signing: [hash('fictional signing root')], tls: [hash('fictional TLS root')] },
    office: 'Geschäftsführung',
    declaration: {
      name: 'Beitrittserklärung.txt',
      mediaType: 'text/plain',
      sha256: hash('fictional declaration'),
    },
  };
}

/** Requests made from the description that a gateway of a consortium gives of itself. */
import type { Foundation, Member, Resolution } from 'umlauf-chaincode/api';
import { all, type GatewayAccess } from 'umlauf-network';
import { expect } from 'vitest';
import { brokenRequests } from '../../gateway/src/testing/requests/broken.js';
import { ApiDocument } from '../../gateway/src/testing/requests/document.js';
import { sendMade, type Outcome } from '../../gateway/src/testing/requests/send.js';
import { soundRequests } from '../../gateway/src/testing/requests/sound.js';
import type { Known } from '../../gateway/src/testing/requests/values.js';

/** The description that a gateway gives of itself. */
export async function documentOf({ url }: GatewayAccess): Promise<ApiDocument> {
  const answer = await fetch(`${url}/openapi.json`);
  return new ApiDocument(await answer.json());
}

/** What is there to be named in requests. */
async function knownAt(gateway: GatewayAccess): Promise<Known> {
  const members = await all<Member>(gateway, 'auditor', '/members');
  const resolutions = await all<Resolution>(gateway, 'auditor', '/resolutions');
  const foundations = await all<Foundation>(gateway, 'auditor', '/foundations');
  const memberIds = members.map(({ id }) => id);
  return {
    members: memberIds,
    memberId: memberIds,
    resolutions: resolutions.map(({ id }) => id),
    transactions: resolutions.map(({ proposal }) => proposal.recorded.transactionId),
    foundations: foundations.map(({ id }) => id),
    'Min-Block': ['0', '1'],
    Prefer: ['respond-async', 'respond-async, wait=5', 'return=minimal'],
    // A list's own, and of that page.
    bookmark: [],
  };
}

/** Sends requests that the gateway's description allows, or that it doesn't, and expects answers as it says. */
export async function expectConformity(
  gateway: GatewayAccess,
  made: 'sound' | 'broken',
  runs: number,
): Promise<Outcome['tally']> {
  const document = await documentOf(gateway);
  const requests = { sound: soundRequests, broken: brokenRequests }[made](document, await knownAt(gateway));
  const { url, tokens } = gateway;
  const { tally, wrong } = await sendMade({ url, tokens: Object.values(tokens), document, requests, runs });
  expect(wrong.slice(0, 20)).toEqual([]);
  return tally;
}

/**
 * The story of the sources, through the REST gateways: whom the cooperative admits, and what its members do together
 * then. Each step is checked.
 */
import { rules, type Ballot, type BylawsVersion, type Member, type Resolution } from 'umlauf-chaincode/api';
import { playAdmissions } from './admissions.js';
import { playAnnouncements } from './announcements.js';
import { expect } from './expectation.js';
import { whoRunsWhat, type JointWork } from './joint-work.js';
import { playProjects } from './projects.js';
import { playServices } from './services.js';
import { CHAIR, Teller, type Stage, type StoryStep } from './teller.js';

export type { Stage, StoryStep } from './teller.js';

/** What stands at the end, as the REST interface gives it. */
export interface StoryEnd extends JointWork {
  readonly members: Member[];
  readonly resolutions: Resolution[];
}

/** Plays the story and checks that each step came out as it should. */
export async function playStory(stage: Stage, report: (step: StoryStep) => void): Promise<StoryEnd> {
  const teller = new Teller(stage, report);
  const admissions = await playAdmissions(teller);
  const foundings = await playProjects(teller);
  await playServices(teller, await today(teller));
  await playAnnouncements(teller);
  return end(teller, [...admissions, ...foundings]);
}

/** The day in the bylaws' time zone. */
async function today(teller: Teller): Promise<string> {
  const { body } = await teller.call<BylawsVersion>(CHAIR, 'auditor', 'GET', '/bylaws');
  return rules.legalDate(new Date().toISOString(), body.bylaws.timeZone);
}

/** The register and the resolutions, with what they must be. */
async function end(teller: Teller, resolutionIds: readonly string[]): Promise<StoryEnd> {
  const members = await teller.list<Member>('/members');
  const resolutions = await teller.list<Resolution>('/resolutions');
  const admitted = members.filter(({ status }) => status === 'admitted');
  expect(admitted.length === teller.stage.gateways.length, 'every admitted member has a gateway');
  expect(members.length === admitted.length + 1, 'the register holds the rejected applicant too');
  expect(resolutions.length === resolutionIds.length, 'there are no other resolutions');
  for (const id of resolutionIds) {
    const ballots = await teller.list<Ballot>(`/resolutions/${id}/ballots`);
    const resolution = resolutions.find((candidate) => candidate.id === id);
    const cast = ballots.filter(({ status }) => status === 'cast');
    expect(
      cast.length === resolution?.decision?.ballots.length,
      `the ballots of ${id} are those that were decided on`,
    );
    teller.report({
      text: `${id}: ${cast.map(({ memberId, choice }) => `${memberId} ${choice ?? ''}`).join(', ')}`,
    });
  }
  return { members, resolutions, ...(await whoRunsWhat(teller)) };
}

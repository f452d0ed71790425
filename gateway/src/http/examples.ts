/** Request bodies that the API's description shows; a test holds them to the schemas. */
import {
  FORMS,
  type AnnouncementDraft,
  type Bylaws,
  type DocumentShare,
  type Proposal,
  type FoundationInput,
  type MemberApplication,
  type MemberIdentity,
  type ProjectProposal,
  type ServiceContent,
  type SiteDeclaration,
} from 'umlauf-chaincode/api';
import type { z } from 'zod';

const sha256 = (digit: string): string => digit.repeat(64);

const document = (name: string) => ({
  name,
  mediaType: 'application/pdf',
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
});

const application: MemberApplication = {
  id: 'north-rhine-westphalia',
  legalName: 'Land Nordrhein-Westfalen',
  levels: ['state'],
  category: 'state',
  mspId: 'NorthRhineWestphaliaMSP',
  mspFingerprints: { signing: [sha256('a')], tls: [sha256('b')] },
  office: 'Chief Information Officer (CIO)',
  operator: 'IT.NRW',
  declaration: document('Declaration of accession.pdf'),
};

const founder = (index: number): MemberIdentity => ({
  id: `municipal-provider-${index}`,
  legalName: `Municipal provider ${index}`,
  levels: ['municipal'],
  category: 'municipal-provider',
  mspId: `MunicipalProvider${index}MSP`,
  mspFingerprints: { signing: [sha256(`${index}`)], tls: [sha256(`${index}`)] },
  office: 'Managing board',
});

const matterRule = (majority: 'simple' | 'three-quarters' | 'nine-tenths') =>
  ({
    majority,
    base: 'votes-cast',
    quorumPercent: 0,
    forms: ['in-person', 'circular'],
    ballotsChangeable: false,
  }) satisfies Bylaws['matters']['ordinary'];

const assembly = { noticePeriod: 'P14D', shortestVoting: 'PT10M', longestVoting: 'P7D' };

const bylaws: Bylaws = {
  matters: {
    ordinary: matterRule('simple'),
    election: matterRule('simple'),
    recall: matterRule('three-quarters'),
    'bylaws-amendment': matterRule('three-quarters'),
    'duty-to-use': matterRule('nine-tenths'),
    dissolution: matterRule('three-quarters'),
    admission: { ...matterRule('simple'), majority: 'unanimous', base: 'all-on-roll' },
    exclusion: matterRule('three-quarters'),
  },
  forms: {
    ...Object.fromEntries(FORMS.map((form) => [form, assembly])),
    circular: {
      noticePeriod: 'P0D',
      shortestVoting: 'P7D',
      longestVoting: 'P60D',
      procedureClause: '§ 14 (3)',
    },
  },
  votesPerMember: 1,
  boardHolding: ['municipal-provider-1', 'municipal-provider-2'],
  financialYearEnd: '12-31',
  resignationPeriod: 'P6M',
  timeZone: 'Europe/Berlin',
  focusAreas: [{ id: 'blockchain', name: 'Blockchain' }],
  skew: 'PT30S',
  f: 'third',
  actWithin: 'P14D',
};

const foundation: FoundationInput = { members: [1, 2, 3, 4].map(founder), bylaws };

const proposal: z.input<typeof Proposal> = {
  id: 'admission-north-rhine-westphalia',
  title: 'Admission of North Rhine-Westphalia',
  motion: 'The general assembly admits the Land North Rhine-Westphalia.',
  matter: 'admission',
  form: 'circular',
  procedureBasis: 'bylaws-clause',
  votingPeriod: 'P14D',
  effects: [{ kind: 'admit', memberId: 'north-rhine-westphalia' }],
};

const project: ProjectProposal = {
  id: 'joint-ledger',
  title: 'Joint blockchain infrastructure',
  purpose: 'Members run an infrastructure together that spans their data centres.',
  focusAreas: ['blockchain'],
  kind: 'joint-operation',
  existing: { phase: 'in-operation' },
};

const shared: DocumentShare = {
  id: 'operating-manual-2',
  title: 'Operating manual of the blockchain nodes',
  focusAreas: ['blockchain'],
  document: document('Operating manual.pdf'),
  licence: 'CC-BY-4.0',
  language: 'de',
};

const announcement: z.input<typeof AnnouncementDraft> = {
  id: 'north-rhine-westphalia-joins',
  title: { de: 'Nordrhein-Westfalen tritt bei', en: 'North Rhine-Westphalia joins' },
  text: {
    de: 'Die Generalversammlung hat das Land Nordrhein-Westfalen aufgenommen.',
    en: 'The general assembly has admitted the Land North Rhine-Westphalia.',
  },
  about: [{ resource: 'member', id: 'north-rhine-westphalia' }],
};

const service: z.input<typeof ServiceContent> = {
  id: 'certificate-verification',
  name: 'Certificate verification',
  provider: { body: 'Senate Chancellery', level: 'state' },
  focusAreas: ['blockchain'],
  description: { de: 'Prüft die Echtheit von Nachweisen.', en: 'Verifies certificates.' },
  address: 'https://verification.example.org',
};

const site: SiteDeclaration = {
  id: 'itdz-berlin-data-centre',
  name: 'Data centre of ITDZ Berlin',
  kind: 'data-centre',
  municipality: 'Berlin',
  runningSince: '2021-03-01',
  nodes: [
    {
      id: 'itdz-berlin-peer',
      kind: 'peer',
      endpoint: 'peer.itdz.example:7051',
      runningSince: '2021-03-01',
    },
  ],
};

export const EXAMPLES = {
  application,
  change: { office: 'State Secretary for Digital Affairs' },
  resignation: { document: document('Notice of resignation.pdf') },
  proposal,
  vote: { choice: 'yes' },
  finding: { date: '2021-03-01', minutes: document('Minutes.pdf') },
  registration: { date: '2021-04-01' },
  dispatch: { date: '2021-04-01', proof: document('Proof of dispatch.pdf') },
  foundation,
  project,
  phase: { phase: 'in-development', on: '2021-09-01', evidence: document('Kick-off.pdf') },
  answer: { document: document('Agreement.pdf') },
  end: { on: '2021-12-31' },
  document: shared,
  announcement,
  service,
  serviceChange: { address: 'https://proof.example.org' },
  serviceStep: { status: 'pilot', on: '2021-10-01' },
  withdrawalNotice: { on: '2030-12-31' },
  site,
  siteChange: { name: 'Data centre of ITDZ Berlin, north' },
  node: {
    id: 'itdz-berlin-orderer',
    site: 'itdz-berlin-data-centre',
    kind: 'orderer',
    endpoint: 'orderer.itdz.example:7050',
  },
  nodeChange: { runningSince: '2021-04-01' },
} as const;

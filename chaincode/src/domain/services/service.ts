/** Services: applications that public bodies offer through their member; what is declared of them and what follows. */
import { z } from 'zod';
import { AgreementView, SideState } from '../agreements/agreement';
import { isAnswerable } from '../agreements/list';
import { Endorsement } from '../endorsement';
import { Holder, Holding } from '../held/holding';
import { Level } from '../member';
import {
  Document,
  FocusAreas,
  HttpsAddress,
  Id,
  LegalDate,
  Line,
  MemberId,
  Paging,
  Recorded,
  Sha256,
  Text,
  unique,
} from '../primitives';

export const SERVICE_STATUSES = ['planned', 'pilot', 'available', 'being-withdrawn', 'withdrawn'] as const;
export const ServiceStatus = z
  .enum(SERVICE_STATUSES)
  .meta({ description: 'Status, derived from the recorded facts' });
export type ServiceStatus = z.infer<typeof ServiceStatus>;

/** The body whose application it is: an office of the state, never a person. */
const Provider = z.strictObject({
  body: Line.meta({ description: 'Public body that offers it', example: 'Senate Chancellery' }),
  level: Level,
});

const Description = z
  .strictObject({ de: Text.optional(), en: Text.optional() })
  .refine(({ de, en }) => de !== undefined || en !== undefined, 'must be there in German or English')
  .meta({ description: 'What it does, in German, English or both', example: { de: 'Prüft Nachweise.' } });

const changeable = {
  description: Description,
  nodes: z
    .array(Id)
    .max(50)
    .refine(unique, 'must not name a node twice')
    .meta({ description: 'Nodes that carry it' }),
  documents: z.array(Document).max(20),
  address: HttpsAddress.meta({ description: 'Where it is used', example: 'https://service.example.org' }),
};

/** What is offered. */
export const ServiceContent = z.strictObject({
  id: Id,
  name: Line.meta({ example: 'Certificate verification' }),
  provider: Provider,
  project: Id.optional().meta({ description: 'The project that it came from' }),
  focusAreas: FocusAreas,
  description: changeable.description,
  nodes: changeable.nodes.default([]),
  documents: changeable.documents.default([]),
  address: changeable.address.optional(),
});

/** Input of `services:offer`. */
export const ServiceOffer = ServiceContent.meta({ id: 'ServiceOffer' });
export type ServiceOffer = z.output<typeof ServiceOffer>;

/** A rule across fields, which a schema's variants share. */
export const changesSomething = <T extends z.ZodType<object>>(schema: T): T =>
  schema.refine(
    (change) => Object.entries(change).some(([name, value]) => name !== 'id' && value !== undefined),
    'must change something',
  );

export const ServiceChanges = z.strictObject({
  description: changeable.description.optional(),
  nodes: changeable.nodes.optional(),
  documents: changeable.documents.optional(),
  address: changeable.address.nullable().optional().meta({ description: 'null removes it' }),
});
/** Input of `services:change`: what is given takes the place of what was there. */
export const ServiceChange = changesSomething(ServiceChanges).meta({ id: 'ServiceChange' });
export type ServiceChange = z.output<typeof ServiceChange>;

/** Input of `services:advance`. */
export const ServiceStep = z
  .strictObject({
    status: z.enum(['pilot', 'available']),
    on: LegalDate.meta({ description: 'First day of it; from the step before until today' }),
  })
  .meta({ id: 'ServiceStep' });
export type ServiceStep = z.output<typeof ServiceStep>;

/** Input of `services:announceWithdrawal`. */
export const WithdrawalNotice = z
  .strictObject({
    on: LegalDate.meta({
      description: 'Last day on which it is offered; today or later, and never earlier than announced before',
    }),
    document: Document.optional(),
  })
  .meta({ id: 'WithdrawalNotice' });
export type WithdrawalNotice = z.output<typeof WithdrawalNotice>;

const Stage = z
  .object({
    status: ServiceStatus.exclude(['planned']),
    on: LegalDate.meta({
      description:
        'First day of the status; while it is being withdrawn and after, the last day of the service',
    }),
    document: Document.optional(),
    recorded: Recorded,
  })
  .meta({ description: 'A status that was declared' });
export type Stage = z.infer<typeof Stage>;

/** That a service closes: copied from what its provider declared. */
export const ServiceClosing = z.object({
  status: ServiceStatus.extract(['being-withdrawn', 'withdrawn']),
  on: LegalDate,
});
export type ServiceClosing = z.infer<typeof ServiceClosing>;

/** What the member that offers it keeps of a service: facts, from which {@link ServiceStatus} is derived. */
export const ServiceRecord = z.object({
  ...ServiceContent.shape,
  nodes: changeable.nodes,
  documents: changeable.documents,
  endorsement: Endorsement,
  contentSha256: Sha256.meta({ description: 'Of what was offered at first' }),
  offer: z.object({ memberId: MemberId, recorded: Recorded }),
  changed: Recorded.optional().meta({ description: 'Its last change, if there was one' }),
  stages: z.array(Stage),
});
export type ServiceRecord = z.infer<typeof ServiceRecord>;

/** A service as it is answered. */
export const Service = ServiceRecord.omit({ endorsement: true })
  .extend({
    status: ServiceStatus,
    memberId: MemberId.meta({ description: 'The member through which it is offered now' }),
    members: z.array(Holder).meta({ description: 'Through which member it was offered since when' }),
    lastDay: LegalDate.optional().meta({ description: 'Last day on which it is offered, once announced' }),
    woundUp: Holding.shape.woundUp,
    endorsements: z.array(Endorsement),
  })
  .meta({ id: 'Service' });
export type Service = z.infer<typeof Service>;

/** A use as it is answered: that a member uses a service, agreed by the member and by the one that offers it. */
export const Use = AgreementView.extend({
  id: z.string().meta({ description: 'Service and member', example: 'proof-check.itdz-berlin' }),
  serviceId: Id,
}).meta({ id: 'Use' });
export type Use = z.infer<typeof Use>;

/** Filters of `GET /services`. */
export const ServiceFilter = z.strictObject({
  ...Paging.shape,
  member: MemberId.optional().meta({ description: 'Offered through this member' }),
  focusArea: Id.optional(),
  status: ServiceStatus.optional(),
  project: Id.optional().meta({ description: 'The project that it came from' }),
  from: LegalDate.optional().meta({ description: 'Offered first on this day or later' }),
  until: LegalDate.optional().meta({ description: 'Offered first on this day or earlier' }),
});
export type ServiceFilter = z.output<typeof ServiceFilter>;

/** Filters of `GET /uses`. */
export const UseFilter = z
  .strictObject({
    ...Paging.shape,
    member: MemberId.optional(),
    service: Id.optional(),
    memberState: SideState.optional().meta({ description: "The member's own state; with `member` alone" }),
    holderState: SideState.optional().meta({ description: "The provider's own state; with `service` alone" }),
  })
  .refine(
    ({ service, member, ...states }) => isAnswerable({ resourceId: service, memberId: member, ...states }),
    'memberState goes with member alone, holderState with service alone',
  );
export type UseFilter = z.output<typeof UseFilter>;

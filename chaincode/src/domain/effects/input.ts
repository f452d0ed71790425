/** What the effects of a resolution are, as they are proposed. The rules of each kind stand in the file of its name. */
import { z } from 'zod';
import { Bylaws } from '../bylaws';
import { HELD_RESOURCES } from '../held/holding';
import { MspFingerprints } from '../member';
import { Document, Id, MemberId, MspId, Sha256, Text } from '../primitives';

export const AdmitInput = z
  .strictObject({
    kind: z.literal('admit'),
    memberId: MemberId,
    mspId: MspId.optional(),
    mspFingerprints: MspFingerprints.optional(),
    applicationSha256: Sha256.optional().meta({
      description: 'SHA-256 of the canonical JSON of the application that is voted on',
    }),
  })
  .meta({
    id: 'AdmitEffect',
    description:
      'Admit an applicant. Keys are admitted, not a name: MSP id, fingerprints and application are recorded with the ' +
      'resolution as they stand when it is proposed; given here, they must agree with the application.',
  });
export const ExcludeInput = z
  .strictObject({ kind: z.literal('exclude'), memberId: MemberId, reason: Text, hearing: Document })
  .meta({
    id: 'ExcludeEffect',
    description: 'Exclude a member to the end of the financial year, after a hearing (§68 GenG)',
  });
export const AmendBylawsInput = z
  .strictObject({ kind: z.literal('amend-bylaws'), base: Id, bylaws: Bylaws })
  .meta({
    id: 'AmendBylawsEffect',
    description: 'Replace version `base` of the bylaws, on registration (§16(6) GenG)',
  });
export const FoundProjectInput = z
  .strictObject({
    kind: z.literal('found-project'),
    projectId: Id,
    contentSha256: Sha256.optional().meta({
      description: 'SHA-256 of the canonical JSON of the proposal that is voted on',
    }),
  })
  .meta({
    id: 'FoundProjectEffect',
    description: 'Found a project that was proposed; what is voted on is recorded with the resolution',
  });
export const AnnounceInput = z
  .strictObject({
    kind: z.literal('announce'),
    announcementId: Id,
    contentSha256: Sha256.optional().meta({
      description: 'SHA-256 of the canonical JSON of the draft that is voted on',
    }),
  })
  .meta({
    id: 'AnnounceEffect',
    description:
      'Release a drafted announcement; beside any matter. Its hash is recorded with the resolution as it stands when it ' +
      'is proposed; given here, it must agree.',
  });
const leftBehind = {
  resource: z.enum(HELD_RESOURCES),
  id: Id.meta({ description: 'What a member that has left still holds' }),
};
export const HandOverInput = z
  .strictObject({ kind: z.literal('hand-over'), ...leftBehind, memberId: MemberId })
  .meta({
    id: 'HandOverEffect',
    description: 'Hand what a member that has left still holds over to another member',
  });
export const WindUpInput = z
  .strictObject({ kind: z.literal('wind-up'), ...leftBehind })
  .meta({ id: 'WindUpEffect', description: 'End what a member that has left still holds' });
export const RecordOnlyInput = z
  .strictObject({ kind: z.literal('record-only') })
  .meta({ id: 'RecordOnlyEffect', description: 'Nothing but the record of the decision' });

export const EffectInput = z
  .discriminatedUnion('kind', [
    AdmitInput,
    ExcludeInput,
    AmendBylawsInput,
    FoundProjectInput,
    AnnounceInput,
    HandOverInput,
    WindUpInput,
    RecordOnlyInput,
  ])
  .meta({ id: 'Effect' });
export type EffectInput = z.infer<typeof EffectInput>;
export type EffectKind = EffectInput['kind'];

/** Announcements (Bekanntmachungen): what the cooperative tells the public, kept whole. */
import { z } from 'zod';
import { Id, Line, MemberId, Paging, Period, Recorded, Sha256, Text, unique } from './primitives';

/** What an announcement can be about. A new one needs its finder beside it: see `announcements/references.ts`. */
export const ABOUT_RESOURCES = ['member', 'resolution', 'project', 'service'] as const;
export type AboutResource = (typeof ABOUT_RESOURCES)[number];

export const About = z
  .strictObject({ resource: z.enum(ABOUT_RESOURCES), id: Id })
  .meta({ id: 'About', description: 'Something that an announcement is about' });
export type About = z.infer<typeof About>;

/** What an announcement is about as one text, as in the filter of lists. */
export const aboutName = ({ resource, id }: About): string => `${resource}/${id}`;

const germanAndEnglish = <T extends z.ZodType>(one: T) =>
  z.strictObject({
    de: one.meta({ description: 'German' }),
    en: one.optional().meta({ description: 'English' }),
  });

/** What an announcement says, before it has an id. */
export const AnnouncementContent = z.strictObject({
  title: germanAndEnglish(Line).meta({ example: { de: 'Nordrhein-Westfalen tritt bei' } }),
  text: germanAndEnglish(Text).meta({ example: { de: 'Das Land Nordrhein-Westfalen ist Mitglied.' } }),
  about: z
    .array(About)
    .max(20)
    .refine((all) => unique(all.map(aboutName)), 'must not name the same twice')
    .default([]),
  corrects: Id.optional().meta({ description: 'The released announcement that this one corrects' }),
});

interface GermanAndEnglish {
  readonly en?: string | undefined;
}

/** Has title and text be there in the same languages. */
export const inSameLanguages = <
  T extends z.ZodType<{ readonly title: GermanAndEnglish; readonly text: GermanAndEnglish }>,
>(
  schema: T,
): T =>
  schema.refine(({ title, text }) => (title.en === undefined) === (text.en === undefined), {
    path: ['text', 'en'],
    error: 'must be there exactly if the title is there in English',
  });

/** Input of `draft`. */
export const AnnouncementDraft = inSameLanguages(AnnouncementContent.extend({ id: Id })).meta({
  id: 'AnnouncementDraft',
  description: 'A draft of what the cooperative is to tell the public',
});
export type AnnouncementDraft = z.infer<typeof AnnouncementDraft>;

/** What the ledger keeps: written once. */
export const AnnouncementRecord = z.object({
  ...AnnouncementDraft.shape,
  about: z.array(About),
  contentSha256: Sha256,
  draft: z.object({ memberId: MemberId, recorded: Recorded }),
});
export type AnnouncementRecord = z.infer<typeof AnnouncementRecord>;

/** Keys of their own, each written once: what became of a draft. */
export const Release = z.object({
  recorded: Recorded,
  resolutionId: Id.optional().meta({ description: 'The resolution that released it; absent: the board did' }),
});
export type Release = z.infer<typeof Release>;
export const Correction = z.object({ announcementId: Id, recorded: Recorded });
export type Correction = z.infer<typeof Correction>;

export const ANNOUNCEMENT_STATUSES = ['drafted', 'released', 'withdrawn', 'corrected'] as const;
export const AnnouncementStatus = z
  .enum(ANNOUNCEMENT_STATUSES)
  .meta({ description: 'Status, derived from the recorded facts' });
export type AnnouncementStatus = z.infer<typeof AnnouncementStatus>;

/** An announcement as it is answered. */
export const Announcement = AnnouncementRecord.extend({
  status: AnnouncementStatus,
  withdrawal: Recorded.optional(),
  release: Release.optional(),
  correctedBy: Correction.optional().meta({ description: 'The released announcement that corrects it' }),
}).meta({ id: 'Announcement' });
export type Announcement = z.infer<typeof Announcement>;

/** Filters of `GET /announcements`. */
export const AnnouncementFilter = z.strictObject({
  ...Paging.shape,
  status: AnnouncementStatus.optional(),
  member: MemberId.optional().meta({ description: 'The member that drafted it' }),
  about: z
    .string()
    .max(80)
    .regex(
      new RegExp(`^(?:${ABOUT_RESOURCES.join('|')})/[a-z0-9][a-z0-9-]{2,62}$`),
      'must be a kind of resource and its id, such as member/<id>',
    )
    .optional()
    .meta({ description: 'What it is about', example: 'member/north-rhine-westphalia' }),
  ...Period.shape,
});

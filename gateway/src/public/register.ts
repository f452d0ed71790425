/** The register of members as the public reads it: who is one, of which level, since when, represented and operated by whom. */
import { Level, Line, LegalDate, MemberId, rules, type Member } from 'umlauf-chaincode/api';
import { z } from 'zod';

const PublicMember = z.object({
  id: MemberId,
  legalName: Line,
  levels: z.array(Level),
  since: LegalDate.meta({ description: 'Day of the admission' }),
  office: Line.meta({ description: 'The office that represents the member' }),
  operator: Line.optional().meta({ description: 'The body that does the technical work for it' }),
});

/** The register as it is answered. */
export const PublicRegister = z
  .object({ items: z.array(PublicMember) })
  .meta({ id: 'PublicMembers', description: 'Who are members today, by id' });

/** @param zone the bylaws' time zone, in which days are counted. */
export function publicRegister(members: readonly Member[], zone: string): Buffer {
  const register: z.infer<typeof PublicRegister> = {
    items: members.flatMap(({ id, legalName, levels, admission, office, operator }) =>
      admission
        ? {
            id,
            legalName,
            levels,
            since: rules.legalDate(admission.effectiveAt, zone),
            office,
            ...(operator === undefined ? {} : { operator }),
          }
        : [],
    ),
  };
  return Buffer.from(JSON.stringify(register));
}

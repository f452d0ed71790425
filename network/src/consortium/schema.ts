/** `consortium.yaml`: the members, listed once. Certificates, ports, policies, gateways and tokens follow from it. */
import { FEWEST_FOUNDERS, Line, MemberIdentity, MspId } from 'umlauf-chaincode/api';
import { z } from 'zod';

const Port = z
  .int('must be a port number')
  .min(1024, 'must be a port from 1024 to 65535')
  .max(65535, 'must be a port from 1024 to 65535');

const { id, legalName, levels, category, office, operator } = MemberIdentity.shape;

const ListedMember = z
  .strictObject({
    id,
    legalName,
    levels,
    category,
    office,
    operator,
    mspId: MspId.optional(),
    /** Where its nodes stand, as it is declared on the ledger. Default: a site of its legal name. */
    site: z.strictObject({ name: Line.optional(), municipality: Line.optional() }).optional(),
    start: z.enum(['founding', 'applicant']),
    host: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?$/, 'must be a host name in lower case')
      .default('localhost'),
    /** Folder with certificates of its own authority, relative to this file. Default: Umlauf issues them. */
    msp: z.string().min(1, 'must be the path of a folder').optional(),
    /** Address on which its peer and orderer listen; `0.0.0.0` where other machines are to reach them. */
    listen: z.ipv4('must be an IPv4 address').default('127.0.0.1'),
    ports: z
      .strictObject({ peer: Port.optional(), orderer: Port.optional(), gateway: Port.optional() })
      .default({}),
  })
  .transform((member) => ({ ...member, mspId: member.mspId ?? defaultMspId(member.id) }));

/** One member as the file lists it. Ports that aren't given are free ones, kept from the first start on. */
export type ListedMember = z.output<typeof ListedMember> & {
  /** Its part runs on another machine: path of the file that was exported there (`umlauf org export`). */
  readonly elsewhere?: string;
};

/** `itdz-berlin` → `ItdzBerlinMSP`. */
export function defaultMspId(memberId: string): string {
  const words = memberId.split('-').filter((word) => word !== '');
  return `${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}MSP`;
}

const ChannelName = z
  .string()
  .regex(
    /^[a-z][a-z0-9.-]{0,248}$/,
    'must be lower-case letters, digits, "." and "-", starting with a letter (Fabric)',
  );
const ChaincodeName = z
  .string()
  .regex(
    /^[A-Za-z0-9]+([-_][A-Za-z0-9]+)*$/,
    'must be letters and digits, with "-" or "_" between them (Fabric)',
  );

export const ConsortiumFile = z
  .strictObject({
    name: Line,
    channel: ChannelName,
    chaincode: ChaincodeName,
    bylaws: z.string().min(1).default('bylaws.yaml'),
    /** Members whose parts run on this machine; the others' run elsewhere. Default: all. */
    here: z.array(id).min(1, 'must name at least one member').optional(),
    /** Folder with what the others exported, `<member>.json`, relative to this file. */
    elsewhere: z.string().min(1, 'must be the path of a folder').default('elsewhere'),
    members: z.array(ListedMember),
  })
  .superRefine(({ members, here }, context) => {
    const complain = (path: PropertyKey[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    for (const [index, member] of (here ?? []).entries())
      if (!members.some((listed) => listed.id === member))
        complain(['here', index], 'must be the id of a listed member');
    if (members.filter(({ start }) => start === 'founding').length < FEWEST_FOUNDERS)
      complain(['members'], `must list at least ${FEWEST_FOUNDERS} members with start: founding`);
    const seen = new Map<string, number>();
    for (const [index, member] of members.entries()) {
      const unique: [string, string][] = [
        ['id', member.id],
        ['mspId', member.mspId.toLowerCase()],
      ];
      // Other machines have ports of their own.
      const machine = here === undefined || here.includes(member.id) ? '' : ` of ${member.host}`;
      for (const [kind, port] of Object.entries(member.ports))
        unique.push([`ports.${kind}`, `port ${port}${machine}`]);
      for (const [field, value] of unique) {
        const key = field.startsWith('ports') ? value : `${field} ${value}`;
        const first = seen.get(key);
        if (first === undefined) seen.set(key, index);
        else complain(['members', index, ...field.split('.')], `is taken by members.${first}`);
      }
    }
  });
export type ConsortiumFile = z.output<typeof ConsortiumFile>;

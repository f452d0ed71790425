/** Who must endorse what belongs to one organization alone: pinned when its key is created, with the key's policy. */
import { z } from 'zod';
import type { Bylaws } from './bylaws';
import type { Call } from './call';
import { type Key, type Ownership } from './ledger';
import type { MemberRecord } from './member';
import { MspId } from './primitives';
import { registeredMembers } from './register/register';
import { othersNeeded } from './resolutions/ballot-ownership';

export const Endorsement = z
  .object({ owner: MspId, others: z.array(MspId), count: z.int().min(0) })
  .meta({ description: "Whose peers endorse a change: the owner's and `count` of the others'" });
export type Endorsement = z.infer<typeof Endorsement>;

/** Read once for all that a call creates: a transaction doesn't see its own writes. */
const joinedIn = new WeakMap<Call, Promise<MemberRecord[]>>();

function joinedMembers(call: Call): Promise<MemberRecord[]> {
  const known =
    joinedIn.get(call) ?? registeredMembers(call).then((all) => all.filter(({ joined }) => joined));
  joinedIn.set(call, known);
  return known;
}

/** The owner's peer and as many of the other members on the network as for a ballot: one correct organization checked it. */
export async function endorsementOf(call: Call, { f }: Bylaws, owner: string): Promise<Endorsement> {
  const joined = await joinedMembers(call);
  const others = joined
    .map(({ mspId }) => mspId)
    .filter((mspId) => mspId !== owner)
    .sort();
  return { owner, others, count: othersNeeded(f, joined.length) };
}

/** Creates a key that only its owner can write from now on. */
export async function putOwned<T extends { readonly endorsement: Ownership }>(
  call: Call,
  key: Key<T>,
  value: T,
): Promise<void> {
  await call.ledger.put(key, value);
  await call.ledger.own(key, value.endorsement);
}

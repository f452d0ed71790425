/**
 * Changes of the channel's configuration. Only here do the signatures of several members come together, each made by
 * the member itself.
 */
import type { common } from '@hyperledger/fabric-protos';
import { majorityOf, proposeConfigUpdate, type ChannelConfig } from 'umlauf-channel';
import { UserError } from '../user-error.js';

/** Fewer members are here than an update needs. */
export class MissingSignaturesError extends UserError {}

/** Whoever signs, and sends what was signed: a member, as far as this concerns it. */
export interface UpdateSigner {
  readonly mspId: string;
  /** Its administrator's signature on an update. */
  sign(update: Uint8Array): common.ConfigSignature;
  /** Puts its administrator's name under all signatures, sends it, and waits until it is in force. */
  submitUpdate(update: Uint8Array, signatures: readonly common.ConfigSignature[]): Promise<void>;
}

/**
 * Proposes an update, has it signed by a majority of the members' and of the orderers' administrators, sends it and
 * waits until it is in force.
 * @throws MissingSignaturesError
 */
export async function updateConfiguration(
  current: ChannelConfig,
  desired: common.Config,
  members: readonly UpdateSigner[],
): Promise<void> {
  const signers = chooseSigners(current, members);
  const [sender] = signers;
  const update = proposeConfigUpdate(current.config, desired, current.channelId).serializeBinary();
  await sender.submitUpdate(
    update,
    signers.map((member) => member.sign(update)),
  );
}

/** The fewest members whose administrators are a majority of both; one who orders counts for both. */
function chooseSigners(
  config: ChannelConfig,
  members: readonly UpdateSigner[],
): [UpdateSigner, ...UpdateSigner[]] {
  const onChannel = members.filter(({ mspId }) => config.organizations.has(mspId));
  const ordering = onChannel.filter(({ mspId }) => config.ordererOrganizations.has(mspId));
  const orderingNeeded = majorityOf(config.ordererOrganizations.size);
  const needed = majorityOf(config.organizations.size);
  const [first, ...rest] = ordering.slice(0, orderingNeeded);
  const others = onChannel.filter((member) => member !== first && !rest.includes(member));
  const chosen = [...rest, ...others.slice(0, Math.max(0, needed - orderingNeeded))];
  if (!first || rest.length + 1 < orderingNeeded || chosen.length + 1 < needed)
    throw new MissingSignaturesError(
      `an update of ${config.channelId} needs ${needed} members' and ${orderingNeeded} orderers' administrators; ` +
        `here are ${onChannel.length} and ${ordering.length}; --out FILE writes it for the others to sign`,
    );
  return [first, ...chosen];
}

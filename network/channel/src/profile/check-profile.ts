import { batchOf, type ChannelProfile } from './profile.js';
import { parseGoDuration } from './go-duration.js';

/** A channel profile, or an organization for a channel, that Fabric would refuse. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}

const MAX_NAME = 249;
const CHANNEL_ID = /^[a-z][a-z0-9.-]*$/;
const CONFIG_KEY = /^[a-zA-Z0-9.-]+$/;

/**
 * Checks what Fabric checks only when the block is used (common/configtx/validator.go, common/channelconfig/orderer.go).
 * @throws ProfileError naming what is wrong
 */
export function checkProfile(profile: ChannelProfile): void {
  const { channelId, organizations } = profile;
  if (!CHANNEL_ID.test(channelId) || channelId.length > MAX_NAME) {
    throw new ProfileError(
      `'${channelId}' is no channel id: ${CHANNEL_ID.source}, at most ${MAX_NAME} characters`,
    );
  }
  if (organizations.length === 0) throw new ProfileError('A channel needs at least one organization');
  organizations.forEach(({ mspId }) => checkMspId(mspId));
  checkUnique(
    'MSP id',
    organizations.map(({ mspId }) => mspId),
  );
  const places = organizations.flatMap(({ orderer }) => (orderer ? [orderer] : []));
  if (places.length === 0) throw new ProfileError('A channel needs at least one consenter');
  checkUnique(
    'consenter id',
    places.flatMap(({ id }) => (id === undefined ? [] : [String(id)])),
  );
  checkUnique(
    'orderer endpoint',
    places.map(({ host, port }) => `${host}:${port}`),
  );
  const batch = batchOf(profile);
  if (batch.maxMessageCount < 1 || batch.absoluteMaxBytes < 1 || batch.preferredMaxBytes < 1) {
    throw new ProfileError('The batch size must be positive');
  }
  if (batch.preferredMaxBytes > batch.absoluteMaxBytes) {
    throw new ProfileError('The preferred batch size exceeds the absolute one');
  }
  if (!((parseGoDuration(batch.timeout) ?? 0) > 0)) {
    throw new ProfileError(`The batch timeout '${batch.timeout}' is no positive Go duration, such as 200ms`);
  }
}

/**
 * Checks that an MSP id can be a key of the channel configuration.
 * @throws ProfileError if it can't
 */
export function checkMspId(mspId: string): void {
  const usable = CONFIG_KEY.test(mspId) && mspId.length <= MAX_NAME && mspId !== '.' && mspId !== '..';
  if (!usable)
    throw new ProfileError(`'${mspId}' is no MSP id: ${CONFIG_KEY.source}, at most ${MAX_NAME} characters`);
}

function checkUnique(what: string, values: readonly string[]): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) throw new ProfileError(`The ${what} '${twice}' occurs twice`);
}

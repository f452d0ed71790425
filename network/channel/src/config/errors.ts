/** A configuration update that the channel doesn't accept, in Fabric's words. */
export class ConfigUpdateError extends Error {
  override readonly name = 'ConfigUpdateError';
}

/** A channel configuration that can't be worked with. */
export class ChannelConfigError extends Error {
  override readonly name = 'ChannelConfigError';
}

import { findFabric } from 'umlauf-network';

/** Why nothing can run on real Fabric here, and what to do; undefined if it can. */
export const missingFabric: string | undefined = await findFabric().then(
  () => undefined,
  (error: unknown) => String(error),
);

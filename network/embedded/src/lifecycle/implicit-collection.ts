/** Every organization has a collection of its own in every namespace, without anyone having to define it. */
const PREFIX = '_implicit_org_';

export const implicitCollection = (mspId: string): string => `${PREFIX}${mspId}`;

/** The organization of an implicit collection, `undefined` for any other name. */
export const organizationOf = (collection: string): string | undefined =>
  collection.startsWith(PREFIX) ? collection.slice(PREFIX.length) : undefined;

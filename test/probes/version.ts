/** The version of Fabric that is recorded. */
export const FABRIC_VERSION = '3.1.5';

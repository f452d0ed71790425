/** A consortium of member organizations on one machine: what the command line does, as a library. */
export { Consortium, type ConsortiumOptions } from './consortium/consortium.js';
export type { ConsortiumEvents } from './consortium/events.js';
export { loadConsortium, type ConsortiumDescription } from './consortium/load.js';
export { engineStarter, type EngineOptions } from './engines/engines.js';
export { fabricEngine, type FabricEngine } from './engines/fabric/engine.js';
export { findFabric } from './engines/fabric/nodes/binaries.js';
export { ENGINES, type Engine, type EngineName, type EngineStarter, type PeerAddress } from './engine.js';
export { memberIdentity, openOrganizations, type LocalOrganization } from './home/organizations.js';
export { openHome, type Home } from './home/home.js';
export { openPorts } from './home/ports.js';
export * from './rest.js';
export { playStory, type Stage, type StoryEnd } from './story/story.js';
export { readBlockFile, readBlockFiles } from './verify/block-file.js';
export { deliverBlocks } from './verify/deliver.js';
export type { Check, Finding, Report } from './verify/report.js';
export { verify, type Expectations, type VerifyOptions } from './verify/verify.js';

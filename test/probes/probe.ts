import type { Json } from './json.js';
import type { Stage } from './stage.js';

/**
 * Acts on a network and tells what a client observes. Two probes share no key: each puts its own name in front.
 * @throws Error if it can't be carried out, which is no observation
 */
export type Probe = (stage: Stage) => Promise<Json>;

/** Probes by what they find out. */
export type Topic = Readonly<Record<string, Probe>>;

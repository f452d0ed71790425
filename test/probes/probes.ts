/** Every probe, by its topic and what it finds out, in the order in which they run. */
import type { Probe, Topic } from './probe.js';
import { blocks } from './topics/blocks.js';
import { conflicts } from './topics/conflicts.js';
import { discoveries } from './topics/discovery.js';
import { events } from './topics/events.js';
import { identities } from './topics/identities.js';
import { policies } from './topics/policies.js';
import { ranges } from './topics/ranges.js';
import { refusals } from './topics/refusals.js';
import { results } from './topics/results.js';
import { submission } from './topics/submission.js';
import { system } from './topics/system.js';

const topics: Readonly<Record<string, Topic>> = {
  results,
  refusals,
  identities,
  submission,
  conflicts,
  policies,
  ranges,
  system,
  discovery: discoveries,
  events,
  blocks,
};

export const probes: readonly (readonly [name: string, probe: Probe])[] = Object.entries(topics).flatMap(
  ([topic, entries]) =>
    Object.entries(entries).map(([name, probe]) => [`${topic} / ${name}`, probe] as const),
);

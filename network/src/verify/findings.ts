import type { Finder, Finding } from './report.js';

/** One broken block can make thousands of transactions fail: so many findings are listed, the others counted. */
const LISTED = 200;

/** Collects what doesn't hold. */
export class Findings {
  readonly #listed: Finding[] = [];
  #total = 0;

  readonly add: Finder = (finding) => {
    this.#total += 1;
    if (this.#listed.length < LISTED) this.#listed.push(finding);
  };

  get listed(): readonly Finding[] {
    return this.#listed;
  }

  /** Also those that are not listed. */
  get total(): number {
    return this.#total;
  }
}

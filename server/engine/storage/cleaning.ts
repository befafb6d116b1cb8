// One log's compaction on its way: driven a step at a time by whoever has time for it, and ended at any pause.

import type { CleanReport } from './log-cleaner.ts';

type Step = CleanReport | null | undefined;

export class Cleaning {
  readonly #steps: Generator<void, CleanReport | null>;
  readonly #reporting: (step: () => Step) => Step;

  /** `reporting` runs a step so that damage it meets is reported by the log. */
  constructor(steps: Generator<void, CleanReport | null>, reporting: (step: () => Step) => Step) {
    this.#steps = steps;
    this.#reporting = reporting;
  }

  /** Undefined while there is more to do; then what was gained, or null for nothing. Throws StorageError. */
  step(): Step {
    return this.#reporting(() => {
      const { done, value } = this.#steps.next();
      return done === true ? value : undefined;
    });
  }

  finish(): CleanReport | null {
    for (;;) {
      const report = this.step();
      if (report !== undefined) return report;
    }
  }

  /** Leaves the log as it was before the run of segments that is being written. */
  abandon(): void {
    this.#steps.return(null);
  }
}

// One log's compaction on its way: driven a step at a time by whoever has time for it, and ended at any pause.

import type { CleanReport } from './log-cleaner.ts';

export class Cleaning {
  readonly #steps: Generator<void, CleanReport | null>;

  constructor(steps: Generator<void, CleanReport | null>) {
    this.#steps = steps;
  }

  /** Undefined while there is more to do; then what was gained, or null for nothing. Throws StorageError. */
  step(): CleanReport | null | undefined {
    const { done, value } = this.#steps.next();
    return done === true ? value : undefined;
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

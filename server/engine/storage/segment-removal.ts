// Taking segments away: their files get the ending .deleted at once and go for good after
// file.delete.delay.ms, so that nobody who still copies them is surprised. A crash in between is tidied
// up when the log is opened.

import { suffix, type SegmentPaths } from './file-names.ts';
import type { LogDirectory } from './log-directory.ts';

const kinds = ['log', 'offsetIndex', 'timeIndex', 'txnIndex'] as const;

/** The log file first: from then on the segment doesn't exist. Returns the files that are to go later. */
export function markDeleted(directory: LogDirectory, paths: SegmentPaths): readonly string[] {
  return directory.run(() => {
    const marked: string[] = [];
    for (const kind of kinds) {
      if (!directory.files.exists(paths[kind])) continue;
      directory.files.rename(paths[kind], paths[kind] + suffix.deleted);
      marked.push(paths[kind] + suffix.deleted);
    }
    return marked;
  });
}

interface Pending {
  readonly files: readonly string[];
  readonly dueMs: number;
}

/** Files waiting for their end. Bounded by the segments that retention takes within the delay. */
export class PendingRemovals {
  readonly #directory: LogDirectory;
  #pending: Pending[] = [];

  constructor(directory: LogDirectory) {
    this.#directory = directory;
  }

  get count(): number {
    return this.#pending.length;
  }

  add(files: readonly string[], dueMs: number): void {
    this.#pending.push({ files, dueMs });
  }

  removeDue(nowMs: number): void {
    for (const entry of this.#pending) {
      if (entry.dueMs > nowMs) continue;
      this.#directory.run(() => {
        for (const file of entry.files) this.#directory.files.remove(file);
      });
      // One that fails is tried again.
      this.#pending = this.#pending.filter((other) => other !== entry);
    }
  }
}

// The timeline of a cluster that doesn't trace, from the observer's revisions: what became different since the last
// picture. A cluster that doesn't answer is told once, and once when it is back.

import type { Revision } from '../revision.ts';
import type { TopologySnapshot } from '../port.ts';
import { diffSnapshots } from './metadata-diff.ts';
import type { TimelineRecorder } from './recorder.ts';

export class SnapshotWatch {
  readonly #recorder: TimelineRecorder;
  #before: TopologySnapshot | null = null;
  #isLost = false;

  constructor(recorder: TimelineRecorder) {
    this.#recorder = recorder;
  }

  take(revision: Revision): void {
    if (revision.kind === 'lost') this.#lose(revision.error.message, revision.atMs);
    else this.#look(revision.picture);
  }

  #look(now: TopologySnapshot): void {
    if (this.#isLost) this.#note('cluster-back', '', now.atMs);
    this.#isLost = false;
    if (this.#before !== null) this.#recorder.take(diffSnapshots(this.#before, now));
    this.#before = now;
  }

  /** Before the first picture nobody knows of the cluster, so nothing is lost. */
  #lose(cause: string, atMs: number): void {
    if (this.#before === null) return;
    if (!this.#isLost) this.#note('cluster-lost', cause, atMs);
    this.#isLost = true;
  }

  #note(kind: string, cause: string, atMs: number): void {
    this.#recorder.take([{ atMs, kind, subject: '', cause, detail: {} }]);
  }
}

// Looks at a cluster every few seconds while its adapter is open. Each picture is handed on to be kept; of a cluster that
// doesn't trace, what became different since the last one is its timeline. A cluster that doesn't answer is told once, and
// once when it is back.

import type { Timers, TimerHandle } from '#engine/world/ports.ts';
import { isClusterError } from '../cluster-error.ts';
import type { ClusterPort, TopologySnapshot } from '../port.ts';
import type { TimelineFact } from './entry.ts';
import { diffSnapshots } from './metadata-diff.ts';
import type { TimelineRecorder } from './recorder.ts';

const lookEveryMs = 5_000;

export interface SnapshotWatchOptions {
  readonly port: Pick<ClusterPort, 'topology'>;
  /** null: this cluster's timeline is told by its trace. */
  readonly recorder: TimelineRecorder | null;
  /** Called with each picture, e.g. to keep it. */
  readonly onPicture?: (picture: TopologySnapshot) => void;
  readonly timers: Timers;
  readonly nowMs: () => number;
}

export class SnapshotWatch {
  readonly #options: SnapshotWatchOptions;
  #before: TopologySnapshot | null = null;
  #isLost = false;
  #isStopped = false;
  #timer: TimerHandle;

  constructor(options: SnapshotWatchOptions) {
    this.#options = options;
    this.#timer = options.timers.setTimer(0, () => void this.#look());
  }

  stop(): void {
    this.#isStopped = true;
    this.#options.timers.clearTimer(this.#timer);
  }

  async #look(): Promise<void> {
    try {
      const now = await this.#options.port.topology();
      if (this.#isLost) this.#tell('cluster-back', '');
      this.#isLost = false;
      if (this.#before !== null) this.#options.recorder?.take(diffSnapshots(this.#before, now));
      this.#options.onPicture?.(now);
      this.#before = now;
    } catch (error) {
      if (!isClusterError(error)) throw error;
      if (!this.#isLost && this.#before !== null) this.#tell('cluster-lost', error.message);
      this.#isLost = this.#before !== null;
    }
    if (!this.#isStopped) this.#timer = this.#options.timers.setTimer(lookEveryMs, () => void this.#look());
  }

  #tell(kind: string, cause: string): void {
    const fact: TimelineFact = { atMs: this.#options.nowMs(), kind, subject: '', cause, detail: {} };
    this.#options.recorder?.take([fact]);
  }
}

// Sends a snapshot of the whole picture about every two seconds while somebody watches, so that a viewer who missed
// a fact is put right. A large picture is sent less often.

import type { TimerHandle, Timers } from '#engine/world/ports.ts';
import { isClusterError } from '../cluster-error.ts';
import type { TopologySnapshot } from '../port.ts';
import { allPartitions } from '../topic-counts.ts';

const periodMs = 2_000;
const slowestMs = 10_000;
const smallPicture = 2_000;

export class SnapshotFeed {
  readonly #timers: Timers;
  readonly #take: () => Promise<TopologySnapshot>;
  readonly #send: (snapshot: TopologySnapshot) => void;
  #timer: TimerHandle | null = null;
  /** Rises with every start and stop, so that a look that began before a stop doesn't schedule another behind it. */
  #turn = 0;
  #isRunning = false;

  constructor(timers: Timers, take: () => Promise<TopologySnapshot>, send: (snapshot: TopologySnapshot) => void) {
    this.#timers = timers;
    this.#take = take;
    this.#send = send;
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#turn += 1;
    this.#schedule(periodMs, this.#turn);
  }

  stop(): void {
    this.#isRunning = false;
    if (this.#timer !== null) this.#timers.clearTimer(this.#timer);
    this.#timer = null;
  }

  #schedule(delayMs: number, turn: number): void {
    if (this.#isRunning && turn === this.#turn) this.#timer = this.#timers.setTimer(delayMs, () => void this.#tick(turn));
  }

  /** A cluster that doesn't answer now has no picture; viewers are told through its reachability. */
  async #tick(turn: number): Promise<void> {
    const snapshot = await this.#take().catch((error: unknown) => {
      if (isClusterError(error)) return null;
      throw error;
    });
    if (snapshot !== null && this.#isRunning && turn === this.#turn) this.#send(snapshot);
    const cells = snapshot === null ? 0 : allPartitions(snapshot.overview);
    this.#schedule(Math.min(slowestMs, periodMs * Math.max(1, Math.ceil(cells / smallPicture))), turn);
  }
}

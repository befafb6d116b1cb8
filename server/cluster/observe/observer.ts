// The one loop that asks a cluster by itself. Each kind of look has its own pace; what a look found goes to every sink as
// a revision: timeline, keyframes, the live stream. A look that fails because the cluster doesn't answer is a revision as
// well; one that fails in any other way is trouble of this console: it is kept for the health report, and the look is
// tried again with back-off. Nothing here ends by an error.
// Invariant: at most one look of a kind is under way, whatever is wanted meanwhile; a picture that was begun before `drop`
// is no revision.

import { assert } from '#engine/base/assert.ts';
import { backOffDelayMs } from '#engine/client/back-off.ts';
import type { Clock, Random, TimerHandle, Timers } from '#engine/world/ports.ts';
import { isClusterError } from '../cluster-error.ts';
import type { TopologySnapshot } from '../port.ts';
import { paceOf, type Attention, type ClusterSize } from './pace.ts';
import type { Revision, RevisionSink } from '../revision.ts';

/** Something in this console failed while it looked, or while it kept what it saw. */
export interface ObserverTrouble {
  readonly message: string;
  readonly sinceMs: number;
  /** In a row, up to now. */
  readonly failures: number;
}

export interface ObserverOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly lookAtOffsets: () => Promise<void>;
  readonly takePicture: () => Promise<TopologySnapshot>;
  readonly size: () => ClusterSize;
  /** Whether a browser follows the live picture. */
  readonly isLive: () => boolean;
}

/** The log ends first: the picture is made with them. */
const looks = ['offsets', 'picture'] as const;
type Look = (typeof looks)[number];

const backOff = { initialMs: 1_000, maxMs: 60_000 };
/** Two looks are never closer together, however long the last one took. */
const shortestPauseMs = 50;
/** Nobody has asked for anything in this time: no page is open. */
const readerAwayMs = 15_000;
/** A cluster that doesn't answer is asked again after this long. */
const lostPauseMs = 2_000;

export class Observer {
  readonly #options: ObserverOptions;
  readonly #sinks = new Set<RevisionSink>();
  readonly #dueMs: Record<Look, number> = { offsets: 0, picture: 0 };
  readonly #troubles = new Map<string, ObserverTrouble>();
  #timer: TimerHandle | null = null;
  readonly #underWay = new Set<Look>();
  #isStopped = true;
  #drops = 0;
  #readMs = -Infinity;

  constructor(options: ObserverOptions) {
    this.#options = options;
  }

  /** The trouble that lasts longest; null when all is well. */
  get trouble(): ObserverTrouble | null {
    return [...this.#troubles.values()].toSorted((left, right) => left.sinceMs - right.sinceMs)[0] ?? null;
  }

  start(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    this.#schedule();
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) this.#options.timers.clearTimer(this.#timer);
    this.#timer = null;
  }

  /** Calls `sink` with each revision until the returned function is called. A sink that throws loses that revision. */
  subscribe(sink: RevisionSink): () => void {
    this.#sinks.add(sink);
    return () => void this.#sinks.delete(sink);
  }

  /** Something was changed through this console: what is being looked at now may be from before it, so it is looked at anew. */
  drop(): void {
    this.#drops += 1;
    this.#soon();
  }

  /** Somebody reads. Whoever begins to gets what is true now, not what was looked at when nobody did. */
  noteReader(): void {
    const wasUnwatched = this.#attention() === 'none';
    this.#readMs = this.#nowMs();
    this.start();
    if (wasUnwatched) this.#soon();
  }

  #attention(): Attention {
    if (this.#options.isLive()) return 'live';
    return this.#nowMs() - this.#readMs < readerAwayMs ? 'read' : 'none';
  }

  #soon(): void {
    this.#dueMs.offsets = 0;
    this.#dueMs.picture = 0;
    this.#schedule();
  }

  /** Wakes for the next look that is due, and not under way already. */
  #schedule(): void {
    if (this.#timer !== null) this.#options.timers.clearTimer(this.#timer);
    this.#timer = null;
    const waiting = looks.filter((look) => !this.#underWay.has(look)).map((look) => this.#dueMs[look] - this.#nowMs());
    if (this.#isStopped || waiting.length === 0) return;
    this.#timer = this.#options.timers.setTimer(Math.max(shortestPauseMs, Math.min(...waiting)), () => this.#turn());
  }

  #turn(): void {
    const due = looks.filter((look) => !this.#underWay.has(look) && this.#dueMs[look] <= this.#nowMs());
    for (const look of due) void this.#run(look);
    this.#schedule();
  }

  /** Never rejects: whatever goes wrong is a revision or a trouble. */
  async #run(look: Look): Promise<void> {
    assert(!this.#underWay.has(look), 'one look of a kind is under way at a time');
    this.#underWay.add(look);
    const beganMs = this.#nowMs();
    const drops = this.#drops;
    const pauseMs = await this.#pauseAfter(look);
    // What was dropped meanwhile stays due at once.
    if (drops === this.#drops) this.#dueMs[look] = beganMs + pauseMs;
    this.#underWay.delete(look);
    this.#schedule();
  }

  /** Looks, and answers how long after its beginning the next look is due. */
  async #pauseAfter(look: Look): Promise<number> {
    try {
      await (look === 'offsets' ? this.#options.lookAtOffsets() : this.#takePicture());
      this.#troubles.delete(look);
      const pace = paceOf(this.#options.size(), this.#attention());
      return look === 'offsets' ? pace.offsetsMs : pace.pictureMs;
    } catch (error) {
      if (isClusterError(error)) {
        this.#troubles.delete(look);
        if (look === 'picture') this.#give({ kind: 'lost', error, atMs: this.#options.clock.nowMs() });
        return lostPauseMs;
      }
      const { failures } = this.#note(look, error);
      return backOffDelayMs(backOff, failures - 1, this.#options.random);
    }
  }

  async #takePicture(): Promise<void> {
    const drops = this.#drops;
    const picture = await this.#options.takePicture();
    if (drops === this.#drops && !this.#isStopped) this.#give({ kind: 'picture', picture });
  }

  /** One sink's error is its own: the others get the revision, and the next one goes to all. */
  #give(revision: Revision): void {
    let isWell = true;
    for (const sink of this.#sinks) {
      try {
        sink(revision);
      } catch (error) {
        isWell = false;
        this.#note('sink', error);
      }
    }
    if (isWell) this.#troubles.delete('sink');
  }

  #note(part: Look | 'sink', error: unknown): ObserverTrouble {
    const known = this.#troubles.get(part);
    const trouble = {
      message: error instanceof Error ? error.message : String(error),
      sinceMs: known?.sinceMs ?? this.#options.clock.nowMs(),
      failures: (known?.failures ?? 0) + 1,
    };
    if (known === undefined) console.error('the cluster could not be observed; it is tried again', error);
    this.#troubles.set(part, trouble);
    return trouble;
  }

  #nowMs(): number {
    return this.#options.clock.monotonicUs() / 1_000;
  }
}

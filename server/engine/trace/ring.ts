// The buffer between the broker's work and whoever watches it. Emitting stamps and stores; a timer elsewhere drains
// about 20 times a second. When more happens than fits, the newest facts are dropped and counted: the screen shows the
// number, the broker never waits.

import type { Clock } from '../world/ports.ts';
import type { Fact, FactKind, TraceEvent } from './events.ts';
import type { Trace } from './trace.ts';

/** Facts kept between two drains: at 20 drains a second this is 160,000 facts a second, far above what a screen can show. */
export const maxBufferedFacts = 8192;

/** Facts told for every batch of records; only worth their cost while somebody looks. */
const recordFacts: ReadonlySet<FactKind> = new Set(['produced', 'acked', 'consumed', 'replicated', 'high-watermark-advanced']);

export class TraceRing {
  readonly #brokerId: number;
  readonly #clock: Clock;
  readonly #maxFacts: number;
  #events: TraceEvent[] = [];
  #sequence = 0;
  #dropped = 0;
  #droppedSinceDrain = 0;
  /** Whether facts of single batches are wanted: only once somebody has said that he looks. */
  wantsRecords = false;

  constructor(brokerId: number, clock: Clock, maxFacts = maxBufferedFacts) {
    this.#brokerId = brokerId;
    this.#clock = clock;
    this.#maxFacts = maxFacts;
  }

  /** Facts dropped since the process started. */
  get dropped(): number {
    return this.#dropped;
  }

  readonly emit: Trace = (fact: Fact): void => {
    if (!this.wantsRecords && recordFacts.has(fact.kind)) return;
    this.#sequence += 1;
    if (this.#events.length >= this.#maxFacts) {
      this.#dropped += 1;
      this.#droppedSinceDrain += 1;
      return;
    }
    this.#events.push({
      brokerId: this.#brokerId,
      sequence: this.#sequence,
      atUs: this.#clock.monotonicUs(),
      atMs: this.#clock.nowMs(),
      ...fact,
    });
  };

  /** Takes what is buffered, in order, and how many were dropped since the last time. */
  drain(): { readonly events: readonly TraceEvent[]; readonly dropped: number } {
    const drained = { events: this.#events, dropped: this.#droppedSinceDrain };
    this.#events = [];
    this.#droppedSinceDrain = 0;
    return drained;
  }
}

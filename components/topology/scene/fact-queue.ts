// Puts the facts of all brokers into one order. Each broker's batch arrives by itself, so the picture is drawn a
// little behind live and takes facts from here by their time.
// Between two calls at most maxQueuedFacts wait here, even when nobody takes any: a hidden tab draws no frame for hours.

import type { TraceEvent } from '#server/engine/trace/events.ts';

/** How far behind live the picture is, in milliseconds. */
export const renderDelayMs = 250;
/** Facts kept for drawing; beyond this the oldest are handed out early, to be counted and not drawn. */
export const maxQueuedFacts = 20_000;

export class FactQueue {
  #facts: TraceEvent[] = [];
  #isSorted = true;
  #head = 0;

  get size(): number {
    return this.#facts.length - this.#head;
  }

  /** `early` gets, in order of time, what no longer fits: every fact is handed out once, drawn or not. */
  push(events: readonly TraceEvent[], early: (event: TraceEvent) => void): void {
    for (const event of events) {
      const last = this.#facts.at(-1);
      if (last !== undefined && last.atUs > event.atUs) this.#isSorted = false;
      this.#facts.push(event);
    }
    if (this.size > maxQueuedFacts) this.#handOut(early, () => this.size > maxQueuedFacts);
  }

  /** Hands out, in order of time, the facts up to `untilMs`. */
  take(untilMs: number, visit: (event: TraceEvent) => void): void {
    this.#handOut(visit, (event) => event.atMs <= untilMs);
  }

  clear(): void {
    this.#facts = [];
    this.#head = 0;
    this.#isSorted = true;
  }

  #handOut(visit: (event: TraceEvent) => void, isDue: (event: TraceEvent) => boolean): void {
    if (!this.#isSorted) this.#sort();
    while (this.#head < this.#facts.length) {
      const event = this.#facts[this.#head]!;
      if (!isDue(event)) break;
      this.#head += 1;
      visit(event);
    }
    this.#compact();
  }

  #sort(): void {
    this.#compact(true);
    this.#facts.sort((a, b) => a.atUs - b.atUs || a.brokerId - b.brokerId || a.sequence - b.sequence);
    this.#isSorted = true;
  }

  #compact(always = false): void {
    if (this.#head === 0 || (!always && this.#head < 1_024 && this.#head < this.#facts.length)) return;
    this.#facts.splice(0, this.#head);
    this.#head = 0;
  }
}

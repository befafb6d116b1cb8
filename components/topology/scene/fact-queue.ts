// Puts the facts of all brokers into one order. Each broker's batch arrives by itself, so the picture is drawn a
// little behind live and takes facts from here by their time.

import type { TraceEvent } from '#server/engine/trace/events.ts';

/** How far behind live the picture is, in milliseconds. */
export const renderDelayMs = 250;
/** Facts kept for drawing; beyond this the oldest are handed out early, counted and not drawn. */
export const maxQueuedFacts = 20_000;

export class FactQueue {
  #facts: TraceEvent[] = [];
  #isSorted = true;
  #head = 0;

  get size(): number {
    return this.#facts.length - this.#head;
  }

  push(events: readonly TraceEvent[]): void {
    for (const event of events) {
      const last = this.#facts.at(-1);
      if (last !== undefined && last.atUs > event.atUs) this.#isSorted = false;
      this.#facts.push(event);
    }
  }

  /** Hands out, in order of time, the facts up to `untilMs` and whatever is over the bound. */
  take(untilMs: number, visit: (event: TraceEvent) => void): void {
    if (!this.#isSorted) this.#sort();
    while (this.#head < this.#facts.length) {
      const event = this.#facts[this.#head]!;
      if (event.atMs > untilMs && this.size <= maxQueuedFacts) break;
      this.#head += 1;
      visit(event);
    }
    this.#compact();
  }

  clear(): void {
    this.#facts = [];
    this.#head = 0;
    this.#isSorted = true;
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

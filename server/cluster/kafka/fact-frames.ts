// Facts come from every broker about twenty times a second; a browser draws a quarter of a second behind live. So they
// are gathered into frames, and a browser gets some twelve messages a second, however many brokers there are.
//
// Invariant: what comes out is what went in, in the same order, with the same count of what was lost. Whoever sends
// anything else than facts flushes first, so that no snapshot overtakes a fact that was told before it.

import type { TraceEvent } from '#engine/trace/events.ts';
import type { TimerHandle, Timers } from '#engine/world/ports.ts';
import type { LiveBatch } from '../port.ts';

/** How long a fact may wait for others. With the 50 ms that brokers gather theirs it stays well under the picture's 250 ms. */
export const frameMs = 80;
/** Facts of one frame; a fuller one leaves at once. What came as one batch is not cut. */
export const maxFrameFacts = 2_000;

export type FactsBatch = Extract<LiveBatch, { readonly kind: 'facts' }>;

export class FactFrames {
  readonly #timers: Timers;
  readonly #send: (frame: FactsBatch) => void;
  #events: TraceEvent[] = [];
  #dropped = 0;
  #timer: TimerHandle | null = null;

  constructor(timers: Timers, send: (frame: FactsBatch) => void) {
    this.#timers = timers;
    this.#send = send;
  }

  take({ events, dropped }: Pick<FactsBatch, 'events' | 'dropped'>): void {
    if (this.#events.length > 0 && this.#events.length + events.length > maxFrameFacts) this.flush();
    for (const event of events) this.#events.push(event);
    this.#dropped += dropped;
    if (this.#events.length >= maxFrameFacts) return this.flush();
    this.#timer ??= this.#timers.setTimer(frameMs, () => this.flush());
  }

  /** Sends what waits. Does nothing when nothing does. */
  flush(): void {
    if (this.#timer !== null) this.#timers.clearTimer(this.#timer);
    this.#timer = null;
    if (this.#events.length === 0 && this.#dropped === 0) return;
    const frame: FactsBatch = { kind: 'facts', events: this.#events, dropped: this.#dropped };
    this.#events = [];
    this.#dropped = 0;
    this.#send(frame);
  }
}

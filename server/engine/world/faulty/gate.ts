// A place where things wait in order: while it is closed nothing passes, and what passes does so no earlier than its delay
// says. One gate stands at each end of a faulty stream. Nothing waits, and nothing is scheduled, while there is no fault.

import type { Clock, TimerHandle, Timers } from '../ports.ts';

export interface GateRule {
  readonly isOpen: boolean;
  readonly delayMs: number;
}

interface Waiting {
  readonly sizeBytes: number;
  readonly dueUs: number;
  readonly pass: () => void;
}

export interface GateOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** What holds now; asked again at every turn. */
  readonly rule: () => GateRule;
  /** After something that had waited passed. */
  readonly onPassed: () => void;
}

export class Gate {
  readonly #options: GateOptions;
  #queue: Waiting[] = [];
  #waitingBytes = 0;
  #timer: TimerHandle | null = null;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Whatever comes now passes at once. */
  get isFree(): boolean {
    if (this.#queue.length > 0) return false;
    const { isOpen, delayMs } = this.#options.rule();
    return isOpen && delayMs === 0;
  }

  /** Runs `pass` now, or when it may. */
  push(sizeBytes: number, pass: () => void): void {
    if (this.isFree) {
      pass();
      return;
    }
    const { delayMs } = this.#options.rule();
    this.#queue.push({ sizeBytes, dueUs: this.#options.clock.monotonicUs() + delayMs * 1_000, pass });
    this.#waitingBytes += sizeBytes;
    this.look();
  }

  /** Lets through what may pass now. Called again by the gate itself when a delay is over, by its owner when the rule changed. */
  look(): void {
    this.#cancelTimer();
    if (!this.#options.rule().isOpen) return;
    const nowUs = this.#options.clock.monotonicUs();
    let passed = 0;
    for (; passed < this.#queue.length && this.#queue[passed]!.dueUs <= nowUs; passed++)
      this.#waitingBytes -= this.#queue[passed]!.sizeBytes;
    const due = this.#queue.splice(0, passed);
    this.#planFor(this.#queue[0], nowUs);
    for (const { pass } of due) pass();
    if (due.length > 0) this.#options.onPassed();
  }

  /** What waits never passes. */
  clear(): void {
    this.#cancelTimer();
    this.#queue = [];
    this.#waitingBytes = 0;
  }

  #planFor(next: Waiting | undefined, nowUs: number): void {
    if (next === undefined) return;
    this.#timer = this.#options.timers.setTimer(Math.ceil((next.dueUs - nowUs) / 1_000), () => {
      this.#timer = null;
      this.look();
    });
  }

  #cancelTimer(): void {
    if (this.#timer !== null) this.#options.timers.clearTimer(this.#timer);
    this.#timer = null;
  }
}

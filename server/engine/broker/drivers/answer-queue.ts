// Answers in the order of their decisions, each held until everything written before it is committed. What was only
// read waits as well: it may have seen a write that is not committed yet.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { TimerHandle, Timers } from '#engine/world/ports.ts';
import type { CommitOutcome } from '../partition-port.ts';

export interface AnswerQueueOptions<Effect> {
  readonly timers: Timers;
  /** After this the answers are refused; what they stand for may still be committed later. */
  readonly timeoutMs: number;
  readonly release: (effects: readonly Effect[]) => void;
  readonly refuse: (effects: readonly Effect[], errorCode: number) => void;
}

interface Entry<Effect> {
  effects: Effect[];
  outcome: CommitOutcome | null;
  timer: TimerHandle;
  /** Its answers were refused already; those that come later have a time-out of their own. */
  isExpired: boolean;
}

export class AnswerQueue<Effect> {
  readonly #options: AnswerQueueOptions<Effect>;
  /** Bounded by the requests that may be owed: each entry answers at least one of them or writes for a timer. */
  #entries: Entry<Effect>[] = [];

  constructor(options: AnswerQueueOptions<Effect>) {
    this.#options = options;
  }

  /** Nothing was written: the answers wait only for what was written before. */
  afterAll(effects: readonly Effect[]): void {
    const last = this.#entries.at(-1);
    if (last === undefined) this.#options.release(effects);
    else this.#join(last, effects);
  }

  afterCommit(effects: readonly Effect[], committed: Promise<CommitOutcome>): void {
    const entry: Entry<Effect> = {
      effects: [...effects],
      outcome: null,
      isExpired: false,
      timer: this.#setTimer(() => {
        this.#expire(entry);
      }),
    };
    this.#entries.push(entry);
    void committed.then((outcome) => {
      entry.outcome = outcome;
      this.#releaseReady();
    });
  }

  #join(entry: Entry<Effect>, effects: readonly Effect[]): void {
    entry.effects.push(...effects);
    if (!entry.isExpired) return;
    entry.isExpired = false;
    entry.timer = this.#setTimer(() => {
      this.#expire(entry);
    });
  }

  #setTimer(fire: () => void): TimerHandle {
    return this.#options.timers.setTimer(this.#options.timeoutMs, fire);
  }

  clear(): void {
    for (const entry of this.#entries) this.#options.timers.clearTimer(entry.timer);
    this.#entries = [];
  }

  #releaseReady(): void {
    while (this.#entries[0]?.outcome != null) {
      const [{ effects, outcome, timer }] = this.#entries.splice(0, 1) as [Entry<Effect> & { outcome: CommitOutcome }];
      this.#options.timers.clearTimer(timer);
      if (outcome.errorCode === errorCodes.NONE) this.#options.release(effects);
      else this.#options.refuse(effects, outcome.errorCode);
    }
  }

  // The entry stays, so that later answers still wait for its commit.
  #expire(entry: Entry<Effect>): void {
    const { effects } = entry;
    entry.effects = [];
    entry.isExpired = true;
    this.#options.refuse(effects, errorCodes.REQUEST_TIMED_OUT);
  }
}

// Which leader epoch began at which offset: what lets a leader find where a follower's log left its own (KIP-101, KIP-279).
// Invariant: epochs rise strictly, start offsets never fall. (Two epochs share a start where a snapshot ends: nothing of
// the older one is left in the log, yet its end must stay known.)

import { assert } from '#engine/base/assert.ts';
import { endOfEpoch, epochAt, type EpochEnd, type EpochStart } from '#engine/base/epoch-starts.ts';

export class EpochHistory {
  readonly #starts: EpochStart[] = [];
  /** The first entry stands for a snapshot below the log, so no truncation may forget it. */
  #isAnchored = false;

  static of(starts: readonly EpochStart[]): EpochHistory {
    const history = new EpochHistory();
    for (const start of starts) history.note(start.epoch, start.startOffset);
    return history;
  }

  /** Of a log that begins where a snapshot ends: the epoch before its first record stays known. */
  static above({ offset, epoch }: { readonly offset: number; readonly epoch: number }, starts: readonly EpochStart[]): EpochHistory {
    const history = new EpochHistory();
    history.reset(epoch, offset);
    for (const start of starts) history.note(start.epoch, start.startOffset);
    return history;
  }

  get entries(): readonly EpochStart[] {
    return this.#starts;
  }

  /** The epoch of the last record; 0 for an empty log, as KRaft has it. */
  get lastEpoch(): number {
    return this.#starts.at(-1)?.epoch ?? 0;
  }

  /** Remembers that records of `epoch` are appended from `startOffset`. A known epoch is left alone. */
  note(epoch: number, startOffset: number): void {
    const last = this.#starts.at(-1);
    if (last !== undefined && last.epoch === epoch) return;
    assert(
      last === undefined || (last.epoch < epoch && last.startOffset <= startOffset),
      `epoch ${epoch} at ${startOffset} follows ${last?.epoch} at ${last?.startOffset}`,
    );
    this.#starts.push({ epoch, startOffset });
  }

  /** The greatest known epoch that isn't above `epoch`, and where it ends in a log that ends at `logEndOffset`. */
  endOf(epoch: number, logEndOffset: number): EpochEnd | null {
    return endOfEpoch(this.#starts, epoch, logEndOffset);
  }

  /** The epoch of the record at `offset`, or null when it lies before what is known. */
  epochAt(offset: number): number | null {
    return epochAt(this.#starts, offset);
  }

  truncateTo(endOffset: number): void {
    const keep = this.#isAnchored ? 1 : 0;
    while (this.#starts.length > keep && (this.#starts.at(-1)?.startOffset ?? -1) >= endOffset) this.#starts.pop();
  }

  /**
   * Forgets what ended before `startOffset`; the epoch of the record before it stays, as the snapshot's. One that only begins
   * there is not it: its records may yet be cut, and then the log would claim an epoch of which it holds nothing.
   */
  startAt(startOffset: number): void {
    const kept = this.#starts.findLastIndex((start) => start.startOffset < startOffset);
    const first = this.#starts[kept];
    if (first === undefined) return;
    this.#starts.splice(0, kept + 1, { epoch: first.epoch, startOffset });
    this.#isAnchored = true;
  }

  /** After a snapshot replaced the log: one epoch, beginning where the snapshot ends. */
  reset(epoch: number, startOffset: number): void {
    this.#starts.splice(0, this.#starts.length, { epoch, startOffset });
    this.#isAnchored = true;
  }
}

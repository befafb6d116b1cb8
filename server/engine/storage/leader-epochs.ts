// Which leader epoch wrote which offsets (KIP-101, KIP-279): the first offset of each epoch, ascending
// in both columns. Followers and restarted leaders cut their logs by it, never by the high watermark.

import { endOfEpoch, epochAt, type EpochEnd, type EpochStart } from '#engine/base/epoch-starts.ts';

export class LeaderEpochs {
  #entries: EpochStart[];
  #isDirty = false;

  constructor(entries: readonly EpochStart[] = []) {
    this.#entries = [...entries];
  }

  get entries(): readonly EpochStart[] {
    return this.#entries;
  }
  /** True when the checkpoint file doesn't say what this says. */
  get isDirty(): boolean {
    return this.#isDirty;
  }
  markWritten(): void {
    this.#isDirty = false;
  }
  get latest(): EpochStart | null {
    return this.#entries.at(-1) ?? null;
  }

  /** Notes that `epoch` begins at `startOffset`. True when that changed anything. */
  assign(epoch: number, startOffset: number): boolean {
    if (epoch < 0) return false;
    const latest = this.latest;
    if (latest !== null && latest.epoch === epoch && startOffset >= latest.startOffset) return false;
    // An epoch that wrote nothing, or offsets that are written anew, give way to the newer truth.
    const kept = this.#entries.filter((entry) => entry.epoch < epoch && entry.startOffset < startOffset);
    this.#entries = [...kept, { epoch, startOffset }]; // as large as it has to be: a list that grows by push() keeps room for sixteen
    this.#isDirty = true;
    return true;
  }

  /** Where `epoch` ends in a log that ends at `logEndOffset`; null when this log can't know. */
  endOffsetFor(epoch: number, logEndOffset: number): EpochEnd | null {
    const latest = this.latest;
    if (epoch < 0 || latest === null || epoch > latest.epoch) return null;
    // Older than all we know: that epoch can't reach into this log, it ends where the log begins.
    return endOfEpoch(this.#entries, epoch, logEndOffset) ?? { epoch, endOffset: this.#entries[0]!.startOffset };
  }

  /** The epoch that wrote `offset`; -1 when unknown. */
  epochOf(offset: number): number {
    return epochAt(this.#entries, offset) ?? -1;
  }

  /** Forgets epochs that begin at or behind the new end of the log. */
  truncateFromEnd(endOffset: number): boolean {
    const kept = this.#entries.filter((entry) => entry.startOffset < endOffset);
    const changed = kept.length !== this.#entries.length;
    this.#entries = kept;
    this.#isDirty ||= changed;
    return changed;
  }

  /** Forgets what ended before the new start; the epoch that wrote the first offset starts there. */
  truncateFromStart(startOffset: number): boolean {
    const current = this.#entries.findLastIndex((entry) => entry.startOffset <= startOffset);
    if (current < 0 || (current === 0 && this.#entries[0]!.startOffset === startOffset)) return false;
    this.#entries = [{ epoch: this.#entries[current]!.epoch, startOffset }, ...this.#entries.slice(current + 1)];
    this.#isDirty = true;
    return true;
  }

  clear(): void {
    this.#isDirty = true;
    this.#entries = [];
  }
}

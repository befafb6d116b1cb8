// Remembers where some offsets begin in a segment's file. A consumer that reads on asks for the offset
// behind its last batch, a tail reader for the batch just appended: both are found here without a
// walk. It is a hint only; forgetting costs a few header reads.

export const rememberedPositions = 32;

const nothing = new Float64Array(0);

export class PositionMemo {
  /** Made with the first note: a log that nobody writes or reads needs none. */
  #offsets: Float64Array = nothing;
  #positions: Float64Array = nothing;
  #next = 0;

  /** `offset` is the base offset of the batch at `position`, or the end of the log and of the file. */
  note(offset: number, position: number): void {
    const slot = this.#slotOf(offset);
    if (slot >= 0) {
      this.#positions[slot] = position;
      return;
    }
    if (this.#offsets === nothing) this.#make();
    this.#offsets[this.#next] = offset;
    this.#positions[this.#next] = position;
    this.#next = (this.#next + 1) % rememberedPositions;
  }

  find(offset: number): number | null {
    const slot = this.#slotOf(offset);
    return slot < 0 ? null : this.#positions[slot]!;
  }

  clear(): void {
    this.#offsets.fill(-1);
  }

  #make(): void {
    this.#offsets = new Float64Array(rememberedPositions).fill(-1);
    this.#positions = new Float64Array(rememberedPositions);
  }

  #slotOf(offset: number): number {
    return this.#offsets.indexOf(offset);
  }
}

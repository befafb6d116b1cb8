// Which leader epoch wrote which offsets, as logs remember it: the first offset of each epoch, ascending in both columns. By it a
// leader finds where another log left its own (KIP-101, KIP-279). How it grows and is cut is each log's own matter.

export interface EpochStart {
  readonly epoch: number;
  readonly startOffset: number;
}

export interface EpochEnd {
  readonly epoch: number;
  readonly endOffset: number;
}

/** The greatest known epoch that isn't above `epoch`, and where it ends in a log that ends at `logEndOffset`; null when all are above. */
export function endOfEpoch(starts: readonly EpochStart[], epoch: number, logEndOffset: number): EpochEnd | null {
  const at = starts.findLastIndex((start) => start.epoch <= epoch);
  const found = starts[at];
  return found === undefined ? null : { epoch: found.epoch, endOffset: starts[at + 1]?.startOffset ?? logEndOffset };
}

/** Whether a log that ends at `offset`, its last record of `epoch`, holds what the one doesn't in which that epoch ends at `end`. */
export function hasForked(end: EpochEnd, { epoch, offset }: { readonly epoch: number; readonly offset: number }): boolean {
  return end.epoch < epoch || end.endOffset < offset;
}

/** The epoch of the record at `offset`; null when it lies before what is known. */
export function epochAt(starts: readonly EpochStart[], offset: number): number | null {
  return starts.findLast(({ startOffset }) => startOffset <= offset)?.epoch ?? null;
}

// What a log remembers of one producer's batches, so that a retry after a restart or a change of leader is still recognised (KIP-98).
// Storage keeps it, replication decides by it.

/** A producer may have five requests in flight, hence a retry reaches back at most this far. */
export const rememberedBatches = 5;

/** A batch that is in the log. Sequences and offsets name its first and last record. */
export interface SequencedBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly timestampMs: number;
}

/** What a partition knows of a producer id. */
export interface ProducerHistory {
  /** -1 when nothing with an epoch was written yet. */
  readonly producerEpoch: number;
  /** Of that epoch, oldest first, at most `rememberedBatches`. */
  readonly batches: readonly SequencedBatch[];
}

/** The history once `written` is in the log under `producerEpoch`. */
export function rememberBatch(history: ProducerHistory | undefined, producerEpoch: number, written: SequencedBatch): ProducerHistory {
  const earlier = history?.producerEpoch === producerEpoch ? history.batches : [];
  return { producerEpoch, batches: [...earlier.slice(1 - rememberedBatches), written] };
}

// Whether the heap that Node was given can hold as many partitions as the broker may be given. A heap that is too small ends the
// process in the middle of its work, without a last word of its own, so it says so when it starts.

/** A broker without partitions, with room to collect garbage in. */
const emptyBrokerBytes = 96 * 1024 * 1024;
/** An idle partition: its log, its indexes, its replica, its place in the metadata. */
const partitionBytes = 10 * 1024;

export interface HeapShortage {
  readonly heapLimitMiB: number;
  readonly neededMiB: number;
  readonly partitionLimit: number;
  readonly advice: string;
}

/** null: it is large enough. */
export function heapShortageOf(heapLimitBytes: number, partitionLimit: number): HeapShortage | null {
  const neededBytes = emptyBrokerBytes + partitionLimit * partitionBytes;
  if (heapLimitBytes >= neededBytes) return null;
  const neededMiB = toMiB(neededBytes);
  return {
    heapLimitMiB: toMiB(heapLimitBytes),
    neededMiB,
    partitionLimit,
    advice: `Give Node more memory (NODE_OPTIONS=--max-old-space-size=${neededMiB}), or lower logarium.max.partitions.per.broker.`,
  };
}

function toMiB(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024);
}

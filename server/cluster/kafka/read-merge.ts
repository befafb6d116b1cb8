// One list of what was read from several partitions. Within a partition the order is that of offsets, whatever times the
// records bear: records that were replayed or came late are older than what stands before them. Between partitions, which
// know no common order, time decides. Pure.

interface Placed {
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: bigint;
}

/** At most `limit`, newest first or oldest first. `lists` holds a partition's records each, in any order. */
export function mergeRecords<Row extends Placed>(lists: readonly (readonly Row[])[], isNewest: boolean, limit: number): readonly Row[] {
  const order = isNewest ? -1 : 1;
  const queues = lists.filter((list) => list.length > 0).map((list) => list.toSorted((a, b) => order * (a.offset - b.offset)));
  const heads = queues.map(() => 0);
  const merged: Row[] = [];
  while (merged.length < limit) {
    const next = nextQueue(queues, heads, order);
    if (next === null) break;
    merged.push(queues[next]![heads[next]!]!);
    heads[next]! += 1;
  }
  return merged;
}

/** The queue whose first record comes first; null when all are empty. */
function nextQueue(queues: readonly (readonly Placed[])[], heads: readonly number[], order: number): number | null {
  let best: { readonly index: number; readonly record: Placed } | null = null;
  for (const [index, queue] of queues.entries()) {
    const record = queue[heads[index]!];
    if (record !== undefined && (best === null || order * compare(record, best.record) < 0)) best = { index, record };
  }
  return best === null ? null : best.index;
}

function compare(a: Placed, b: Placed): number {
  if (a.timestampMs !== b.timestampMs) return a.timestampMs < b.timestampMs ? -1 : 1;
  return a.partition - b.partition;
}

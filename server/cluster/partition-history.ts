// How fast each partition grew, in columns of five seconds over the last ten minutes. A column is the difference of two
// end offsets over the time between: measured, never assumed. Pure: the history is a value, time is an argument.

export interface PartitionEnd {
  readonly topic: string;
  readonly partition: number;
  readonly leaderId: number | null;
  readonly endOffset: number | null;
}

export interface PartitionRow {
  readonly topic: string;
  readonly partition: number;
  readonly leaderId: number | null;
  /** Records a second, oldest first, a value a column; null where it could not be told. */
  readonly rates: readonly (number | null)[];
}

export interface PartitionHistory {
  readonly columnMs: number;
  readonly maxColumns: number;
  /** Ends of the columns, oldest first. */
  readonly columnsAtMs: readonly number[];
  /** The first of all partitions that are nobody's but the users', in their order. */
  readonly rows: readonly PartitionRow[];
  readonly partitionCount: number;
  readonly lastAtMs: number;
}

export const columnMs = 5_000;
export const maxColumns = 120;
/** Rows that a screen could show; the rest is counted. */
export const maxRows = 60;
/** A pause this long is no column: its mean would pass for a moment. */
const maxPauseMs = 60_000;

export interface Watched {
  readonly history: PartitionHistory;
  readonly lastEnds: ReadonlyMap<string, number | null>;
}

export const nothingWatched: Watched = {
  history: { columnMs, maxColumns, columnsAtMs: [], rows: [], partitionCount: 0, lastAtMs: 0 },
  lastEnds: new Map(),
};

/** `ends` in the order of the rows. A look that comes before its column is full changes nothing. */
export function observe(before: Watched, ends: readonly PartitionEnd[], atMs: number): Watched {
  const spanMs = atMs - before.history.lastAtMs;
  // A timer that fires a moment early must not make every other column twice as wide.
  if (before.history.lastAtMs > 0 && spanMs < columnMs - 200) return before;
  const isFirst = before.history.lastAtMs === 0 || spanMs > maxPauseMs;
  const shown = ends.slice(0, maxRows);
  const columnsAtMs = isFirst ? [] : [...before.history.columnsAtMs, atMs].slice(-maxColumns);
  const known = new Map(isFirst ? [] : before.history.rows.map((row) => [keyOf(row), row.rates]));
  const blank = isFirst ? [] : before.history.columnsAtMs.map(() => null);
  const rows = shown.map((end): PartitionRow => {
    const { topic, partition, leaderId, endOffset } = end;
    const rate = growth(before.lastEnds.get(keyOf(end)), endOffset, spanMs / 1_000);
    const rates = isFirst ? [] : [...(known.get(keyOf(end)) ?? blank), rate].slice(-maxColumns);
    return { topic, partition, leaderId, rates };
  });
  return {
    history: { columnMs, maxColumns, columnsAtMs, rows, partitionCount: ends.length, lastAtMs: atMs },
    lastEnds: new Map(shown.map((end) => [keyOf(end), end.endOffset])),
  };
}

function keyOf({ topic, partition }: Pick<PartitionEnd, 'topic' | 'partition'>): string {
  return `${topic}/${partition}`;
}

/** A log that became shorter was made anew or cut: its growth in that span is not known. */
function growth(before: number | null | undefined, after: number | null, seconds: number): number | null {
  if (before === null || before === undefined || after === null || after < before) return null;
  return (after - before) / seconds;
}

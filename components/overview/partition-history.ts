// How fast each partition grew, in columns of five seconds, as far as this page has watched. A column is the
// difference of two end offsets over the time between, so it is measured and never assumed; columns from before
// the watch are absent. Pure: the store is a value, time is an argument.

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
  /** Records a second, oldest first; null where it could not be told. */
  readonly rates: readonly (number | null)[];
}

export interface PartitionHistory {
  readonly columnsAtMs: readonly number[];
  readonly rows: ReadonlyMap<string, PartitionRow>;
  readonly lastEnds: ReadonlyMap<string, number | null>;
  readonly lastAtMs: number;
}

export const columnMs = 5000;
export const maxColumns = 120;

export const emptyHistory: PartitionHistory = { columnsAtMs: [], rows: new Map(), lastEnds: new Map(), lastAtMs: 0 };

export function observe(history: PartitionHistory, ends: readonly PartitionEnd[], atMs: number): PartitionHistory {
  const lastEnds = new Map(ends.map((end) => [keyOf(end), end.endOffset]));
  if (history.lastAtMs === 0)
    return { ...history, lastEnds, lastAtMs: atMs, rows: new Map(ends.map((end) => [keyOf(end), { ...rowOf(end), rates: [] }])) };
  const seconds = (atMs - history.lastAtMs) / 1000;
  if (seconds <= 0) return history;
  const columnsAtMs = [...history.columnsAtMs, atMs].slice(-maxColumns);
  const rows = new Map(
    ends.map((end) => {
      const key = keyOf(end);
      const before = history.rows.get(key)?.rates ?? history.columnsAtMs.map(() => null);
      return [key, { ...rowOf(end), rates: [...before, growth(history.lastEnds.get(key), end.endOffset, seconds)].slice(-maxColumns) }];
    }),
  );
  return { columnsAtMs, rows, lastEnds, lastAtMs: atMs };
}

function keyOf(end: PartitionEnd): string {
  return `${end.topic}/${end.partition}`;
}

function rowOf({ topic, partition, leaderId }: PartitionEnd): Omit<PartitionRow, 'rates'> {
  return { topic, partition, leaderId };
}

/** A log that became shorter was made anew or cut: its growth in that span is not known. */
function growth(before: number | null | undefined, after: number | null, seconds: number): number | null {
  if (before === null || before === undefined || after === null || after < before) return null;
  return (after - before) / seconds;
}

/** Where a rate stands against the partition's own usual: 0 is still, 5 usual, 10 twice as much or more. */
export function heatLevel(rate: number | null, usual: number | null): number | null {
  if (rate === null || usual === null) return null;
  if (usual === 0) return rate === 0 ? 5 : 10;
  return Math.max(0, Math.min(10, Math.round((rate / usual) * 5)));
}

export function usualRate(rates: readonly (number | null)[]): number | null {
  const known = rates.filter((rate) => rate !== null);
  return known.length === 0 ? null : known.reduce((sum, rate) => sum + rate, 0) / known.length;
}

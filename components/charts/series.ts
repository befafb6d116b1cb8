// Series of a chart, and the arithmetic before drawing. A missing value stays missing: a gap is drawn as a gap.

export interface Series {
  readonly key: string;
  readonly name: string;
  readonly color: string;
  /** An SVG dash pattern: series must differ without colour too. */
  readonly dash?: string;
  /** Filled lightly below the line. */
  readonly isArea?: boolean;
}

export interface TimeRow {
  readonly atMs: number;
  readonly values: Readonly<Record<string, number | null>>;
}

/** Means over equal spans of time, so that a chart never draws more points than it has room for. */
export function downsample(rows: readonly TimeRow[], maxPoints: number): readonly TimeRow[] {
  const first = rows[0];
  const last = rows.at(-1);
  if (first === undefined || last === undefined || rows.length <= maxPoints) return rows;
  const spanMs = Math.max(1, Math.ceil((last.atMs - first.atMs + 1) / maxPoints));
  const buckets = new Map<number, TimeRow[]>();
  for (const row of rows) {
    const at = Math.floor((row.atMs - first.atMs) / spanMs);
    const bucket = buckets.get(at);
    if (bucket === undefined) buckets.set(at, [row]);
    else bucket.push(row);
  }
  return [...buckets.values()].map(meanRow);
}

function meanRow(rows: readonly TimeRow[]): TimeRow {
  const keys = Object.keys(rows[0]?.values ?? {});
  const values = Object.fromEntries(keys.map((key) => [key, meanOf(rows.map((row) => row.values[key] ?? null))]));
  return { atMs: rows.at(-1)?.atMs ?? 0, values };
}

export function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

export function hasAny(rows: readonly TimeRow[], key: string): boolean {
  return rows.some((row) => (row.values[key] ?? null) !== null);
}

/** A round top for an axis: 1, 2, 3, 5 or 6 times a power of ten, so that its thirds are readable too. */
export function niceTop(max: number): number {
  if (!(max > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(max));
  const step = [1, 1.5, 2, 3, 4.5, 6, 9, 10].find((one) => one * power >= max) ?? 10;
  return step * power;
}

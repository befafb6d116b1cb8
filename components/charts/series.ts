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

/** A round top for an axis whose thirds are round too: its ticks are read, not guessed. */
export function niceTop(max: number): number {
  if (!(max > 0)) return 3;
  const power = 10 ** Math.floor(Math.log10(max));
  const step = [1.2, 1.5, 1.8, 2.4, 3, 4.5, 6, 7.5, 9].find((one) => one * power >= max) ?? 12;
  return step * power;
}

/** Nought, the thirds and the top; a share has its half. */
export function valueTicks(top: number, isShare: boolean): readonly number[] {
  return isShare ? [0, top / 2, top] : [0, top / 3, (top * 2) / 3, top];
}

const tickSteps = [1, 5, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 86_400].map((seconds) => seconds * 1_000);
const minuteMs = 60_000;

export interface TimeTicks {
  readonly atMs: readonly number[];
  /** Nearer than a minute they need their seconds, or all would read the same. */
  readonly needSeconds: boolean;
}

/** Half a label, as a share of the narrowest chart: a moment nearer to the end would have its label cut there. */
const endShares = { withSeconds: 0.09, withMinutes: 0.05 } as const;

/** A label with seconds is wider, so fewer of them stand side by side. */
const secondsRoom = 0.6;

/** Whole steps of the clock between two moments, at most `most` of them, and none whose label would leave the chart. */
export function timeTicks(fromMs: number, toMs: number, most: number): TimeTicks {
  const stepMs = tickSteps.find((step) => (toMs - fromMs) / step <= most * (step < minuteMs ? secondsRoom : 1)) ?? tickSteps.at(-1)!;
  const first = Math.ceil(fromMs / stepMs) * stepMs;
  const needSeconds = stepMs < minuteMs;
  const lastMs = toMs - (needSeconds ? endShares.withSeconds : endShares.withMinutes) * (toMs - fromMs);
  const count = Math.min(most, lastMs < first ? 0 : Math.floor((lastMs - first) / stepMs) + 1);
  return { atMs: Array.from({ length: count }, (_, index) => first + index * stepMs), needSeconds };
}

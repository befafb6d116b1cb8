// Figures of both clusters and the bars that their ratios are held to.

import { median } from '../load/measure.ts';

export interface Bar {
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly digits?: number;
  readonly bar?: Bar;
}

/** One value a round, in the same order for both. */
export type Values = Readonly<Partial<Record<'ours' | 'kafka', readonly number[]>>>;

function verdict(bar: Bar | undefined, ratio: number): string {
  if (bar === undefined) return '';
  const isMet = ratio >= (bar.atLeast ?? 0) && ratio <= (bar.atMost ?? Infinity);
  const wanted = bar.atLeast === undefined ? `at most ${bar.atMost}x` : `at least ${bar.atLeast}x`;
  return ` (${wanted}: ${isMet ? 'met' : 'MISSED'})`;
}

/** One line: both medians, and the median of the ratios round by round. */
export function describeFigure({ name, unit, digits = 0, bar }: Figure, { ours = [], kafka = [] }: Values): string {
  const text = (values: readonly number[]): string => `${median(values).toLocaleString('en', { maximumFractionDigits: digits })} ${unit}`;
  const head = `${name.padEnd(52)} ours ${text(ours).padStart(14)}`;
  if (kafka.length === 0) return `${head}   Kafka: not run`;
  const ratio = median(ours.map((mine, round) => mine / (kafka[round] ?? Number.NaN)));
  return `${head}   Kafka ${text(kafka).padStart(14)}   ${ratio.toFixed(2)}x${verdict(bar, ratio)}`;
}

// One chart over time: title, legend with the current values, thin lines. No box, no animation, and a table for
// screen readers would only repeat the legend, so the plot itself is hidden from them.
'use client';

import { memo } from 'react';
import { Area, CartesianGrid, ComposedChart, Line, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import { hasAny, niceTop, timeTicks, valueTicks, type Series, type TimeRow } from './series.ts';
import styles from './time-chart.module.css';

export interface TimeChartProps {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly Series[];
  readonly rows: readonly TimeRow[];
  readonly format: (value: number) => string;
  readonly formatTime: (atMs: number, withSeconds: boolean) => string;
  /** Said in place of the plot when no series has a value. */
  readonly unknown: string;
  /** A fixed top, such as 100 for a share. */
  readonly top?: number;
  readonly marks?: readonly number[];
  readonly height?: number;
}

/** Room for the words of the value axis: a figure that lost its first digit would be a wrong one. */
const [leastAxisWidth, axisGap, digitWidth] = [44, 12, 7];
/** More moments than these would touch in the narrowest chart. */
const maxTimes = 5;

export const TimeChart = memo(function TimeChart(props: TimeChartProps): React.JSX.Element {
  const { title, unit, series, rows, format, unknown } = props;
  const known = series.filter((one) => hasAny(rows, one.key));
  const now = rows.at(-1);
  return (
    <section className={styles.chart} aria-label={title}>
      <h2>
        {title}
        <span>{unit}</span>
      </h2>
      <ul className={styles.legend}>
        {known.map((one) => (
          <LegendItem key={one.key} series={one} value={now?.values[one.key] ?? null} format={format} />
        ))}
      </ul>
      {known.length === 0 ? (
        <div className={styles.none}>
          <div className={styles.dots} />
          {unknown}
        </div>
      ) : (
        <Plot {...props} series={known} />
      )}
    </section>
  );
});

function LegendItem({
  series,
  value,
  format,
}: {
  readonly series: Series;
  readonly value: number | null;
  readonly format: (value: number) => string;
}): React.JSX.Element {
  return (
    <li>
      <svg width="16" height="6" aria-hidden="true">
        <path d="M0 3H16" stroke={series.color} strokeWidth="2" strokeDasharray={series.dash} />
      </svg>
      {series.name} <b>{value === null ? '–' : format(value)}</b>
    </li>
  );
}

function Plot({ series, rows, formatTime, format, top, marks = [], height = 152 }: TimeChartProps): React.JSX.Element {
  const flat = rows.map((row) => ({ atMs: row.atMs, ...row.values }));
  const times = timeTicks(flat[0]?.atMs ?? 0, flat.at(-1)?.atMs ?? 0, maxTimes);
  const max = top ?? niceTop(Math.max(0, ...rows.flatMap((row) => series.map((one) => row.values[one.key] ?? 0))));
  const valueWords = valueTicks(max, top !== undefined).map((value) => (value === 0 ? '0' : format(value)));
  return (
    <div className={styles.plot} aria-hidden="true">
      <ResponsiveContainer width="100%" height={height}>
        <ComposedChart data={flat} margin={{ top: 8, right: 4, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--line)" strokeDasharray="1 4" />
          <XAxis
            dataKey="atMs"
            type="number"
            domain={['dataMin', 'dataMax']}
            ticks={[...times.atMs]}
            interval={0}
            tickFormatter={(atMs: number) => formatTime(atMs, times.needSeconds)}
            tickLine={{ stroke: 'var(--ink-3)' }}
            tickSize={4}
            axisLine={{ stroke: 'var(--line-2)' }}
            height={24}
          />
          <YAxis
            domain={[0, max]}
            ticks={[...valueTicks(max, top !== undefined)]}
            tickFormatter={(value: number) => (value === 0 ? '0' : format(value))}
            tickLine={false}
            axisLine={false}
            width={Math.max(leastAxisWidth, axisGap + digitWidth * Math.max(...valueWords.map((word) => word.length)))}
          />
          {marks.map((atMs) => (
            <ReferenceLine key={atMs} x={atMs} stroke="var(--ink-3)" strokeWidth={1} />
          ))}
          {series.map((one) =>
            one.isArea === true ? (
              <Area
                key={`${one.key}-area`}
                dataKey={one.key}
                fill={one.color}
                fillOpacity={0.13}
                stroke="none"
                isAnimationActive={false}
                connectNulls={false}
              />
            ) : null,
          )}
          {series.map((one) => (
            <Line
              key={one.key}
              dataKey={one.key}
              stroke={one.color}
              strokeWidth={1.5}
              strokeDasharray={one.dash ?? ''}
              dot={false}
              activeDot={false}
              isAnimationActive={false}
              connectNulls={false}
            />
          ))}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}

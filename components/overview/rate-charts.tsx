// Four charts on one sheet: what flows, how large it is, how long it takes, and how busy the brokers are.
'use client';

import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { downsample, type Series, type TimeRow } from '#components/charts/series.ts';
import { TimeChart } from '#components/charts/time-chart.tsx';
import { formatClock } from '#components/ui/format.ts';
import { Paper } from '#components/ui/surface.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { RateSample } from '#server/cluster/port.ts';
import { milliseconds } from './number-sheet.tsx';
import styles from './rate-charts.module.css';

const maxPoints = 120;
const noRates: readonly RateSample[] = [];
const brokerDashes = ['', '2 3', '6 3', '1 2', '8 3 2 3'];

export function RateCharts({ rates: known }: { readonly rates: readonly RateSample[] | null }): React.JSX.Element {
  const rates = known ?? noRates;
  const t = useTranslations('overview.charts');
  const tu = useTranslations('ui.units');
  const format = useFormat();
  const rows = useMemo(() => downsample(rates.map(toRow), maxPoints), [rates]);
  const brokers = useMemo(() => brokerSeries(rates, (broker) => t('broker', { broker })), [rates, t]);
  // Fetches are timed all along: then latencies are told, and writing has just none to tell.
  const latencyUnknown = rates.some((sample) => sample.fetchP99Ms !== null) ? { unknown: t('nothingWritten') } : {};
  const shared = { rows, formatTime: clockTime, unknown: t(rates.length === 0 ? 'waiting' : 'unknown') };
  return (
    <Paper padded={false} label={t('title')}>
      <div className={styles.charts}>
        <TimeChart {...shared} title={t('records')} unit={tu('records')} series={recordSeries(t)} format={format.rate} />
        <TimeChart {...shared} title={t('bytes')} unit={tu('perSecond', { unit: 'kB' })} series={byteSeries(t)} format={kilobytes} />
        <TimeChart {...shared} {...latencyUnknown} title={t('latency')} unit={tu('ms')} series={latencySeries(t)} format={milliseconds} />
        <TimeChart {...shared} title={t('idle')} unit="%" series={brokers} format={(value) => String(Math.round(value))} top={100} />
      </div>
    </Paper>
  );
}

type Words = ReturnType<typeof useTranslations<'overview.charts'>>;

function recordSeries(t: Words): readonly Series[] {
  return [
    { key: 'recordsIn', name: t('in'), color: 'var(--produce)', isArea: true },
    { key: 'recordsOut', name: t('out'), color: 'var(--consume)', dash: '6 3' },
  ];
}

function byteSeries(t: Words): readonly Series[] {
  return [
    { key: 'bytesIn', name: t('in'), color: 'var(--produce)', isArea: true },
    { key: 'bytesOut', name: t('out'), color: 'var(--consume)', dash: '6 3' },
  ];
}

/** Fetches wait at the broker for records to come, so their time tells of the traffic, not of trouble. */
function latencySeries(t: Words): readonly Series[] {
  return [{ key: 'produceP99', name: t('produce'), color: 'var(--produce)' }];
}

function brokerSeries(rates: readonly RateSample[], name: (broker: number) => string): readonly Series[] {
  const ids = (rates.at(-1)?.idleRatios ?? []).map((one) => one.brokerId).toSorted((a, b) => a - b);
  return ids.map((id, index) => ({
    key: `idle-${id}`,
    // The first says what they are, the others only which: "broker 1 94, 2 71, 3 92".
    name: index === 0 ? name(id) : String(id),
    color: index % 2 === 0 ? 'var(--ink)' : 'var(--ink-3)',
    dash: brokerDashes[index % brokerDashes.length] ?? '',
  }));
}

export function toRow(sample: RateSample): TimeRow {
  const idle = Object.fromEntries((sample.idleRatios ?? []).map((one) => [`idle-${one.brokerId}`, one.idleRatio * 100]));
  return {
    atMs: sample.atMs,
    values: {
      recordsIn: sample.recordsInPerSecond,
      recordsOut: sample.recordsOutPerSecond,
      bytesIn: kilo(sample.bytesInPerSecond),
      bytesOut: kilo(sample.bytesOutPerSecond),
      produceP99: sample.produceP99Ms,
      ...idle,
    },
  };
}

function kilo(bytes: number | null): number | null {
  return bytes === null ? null : bytes / 1000;
}

function kilobytes(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(value === 0 ? 0 : 1);
}

function clockTime(atMs: number, withSeconds: boolean): string {
  return formatClock(atMs).slice(0, withSeconds ? 8 : 5);
}

// Every partition over time: its growth against its own usual. One row a partition in a fixed order, so that a
// cause which hits many at once shows as a column and a sick one as a row.
'use client';

import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { HeatMap, HeatScale, type HeatRow } from '#components/charts/heat-map.tsx';
import { timeTicks } from '#components/charts/series.ts';
import { formatClock } from '#components/ui/format.ts';
import { ErrorNotice, Waiting } from '#components/ui/notice.tsx';
import { Case, SectionHead } from '#components/ui/surface.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import { columnMs, heatLevel, maxColumns, usualRate, type PartitionHistory } from './partition-history.ts';
import { usePartitionHistory } from './use-partition-history.ts';

const maxRows = 60;

export function PartitionHeat(): React.JSX.Element {
  const t = useTranslations('overview.heat');
  const format = useFormat();
  const { history, problem, retry } = usePartitionHistory();
  const rows = useMemo(() => toRows(history, format.rate), [history, format]);
  const first = history.columnsAtMs[0];
  const columns = columnsFor(history.columnsAtMs.length);
  const times = useMemo(() => axisTimes({ lastAtMs: history.lastAtMs, columns, nowWord: t('now') }), [history.lastAtMs, columns, t]);
  const title = t('title', { minutes: (columns * columnMs) / 60_000 });
  const note = first === undefined ? t('note') : t('since', { time: format.clock(first) });
  return (
    <Case label={title}>
      <SectionHead title={title} note={note}>
        <HeatScale low="0" high="200 %" />
      </SectionHead>
      {problem !== null && rows.length === 0 ? <ErrorNotice title={t('failed')} problem={problem} onRetry={retry} /> : null}
      {problem === null && rows.length === 0 ? <Waiting>{t('waiting')}</Waiting> : null}
      {rows.length === 0 ? null : (
        <HeatMap
          rows={rows.slice(0, maxRows)}
          columns={columns}
          heads={{ first: t('leader'), second: t('rate') }}
          label={t('summary', { count: rows.length })}
          times={times}
        />
      )}
      {rows.length > maxRows ? <p>{t('more', { count: rows.length - maxRows })}</p> : null}
    </Case>
  );
}

/** Two minutes, five, then all ten: what was watched fills the case instead of hanging at its edge. */
function columnsFor(watched: number): number {
  return [24, 60, maxColumns].find((columns) => watched <= columns) ?? maxColumns;
}

interface Axis {
  readonly lastAtMs: number;
  readonly columns: number;
  readonly nowWord: string;
}

/** Whole minutes under the columns, and now at their end; a minute too near to now would touch its word. */
function axisTimes({ lastAtMs, columns, nowWord }: Axis): readonly { readonly share: number; readonly text: string }[] {
  const spanMs = columnMs * columns;
  const minutes = timeTicks(lastAtMs - spanMs, lastAtMs, 5)
    .atMs.map((atMs) => ({ share: 1 - (lastAtMs - atMs) / spanMs, text: formatClock(atMs).slice(0, 5) }))
    .filter(({ share }) => share > 0.04 && share < 0.92);
  return [...minutes, { share: 1, text: nowWord }];
}

function toRows(history: PartitionHistory, rate: (perSecond: number) => string): readonly HeatRow[] {
  return [...history.rows.values()].map((row) => {
    const usual = usualRate(row.rates);
    const now = row.rates.at(-1) ?? null;
    return {
      key: `${row.topic}/${row.partition}`,
      group: row.topic,
      name: String(row.partition),
      levels: row.rates.map((one) => heatLevel(one, usual)),
      first: row.leaderId === null ? '–' : String(row.leaderId),
      second: now === null ? null : rate(now),
    };
  });
}

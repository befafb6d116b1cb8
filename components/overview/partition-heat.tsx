// Every partition over time: its growth against its own usual. One row a partition in a fixed order, so that a
// cause which hits many at once shows as a column and a sick one as a row.
'use client';

import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { HeatMap, HeatScale, type HeatRow } from '#components/charts/heat-map.tsx';
import { timeTicks } from '#components/charts/series.ts';
import { formatClock } from '#components/ui/format.ts';
import { ErrorNotice, Waiting } from '#components/ui/notice.tsx';
import { useContact } from '#components/shell/use-contact.ts';
import { Case, SectionHead } from '#components/ui/surface.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { PartitionHistory } from '#server/cluster/partition-history.ts';
import { heatLevel, usualRate } from './partition-history.ts';
import { usePartitionHistory } from './use-partition-history.ts';

export function PartitionHeat(): React.JSX.Element {
  const t = useTranslations('overview.heat');
  const format = useFormat();
  const { history, problem, retry } = usePartitionHistory();
  const rows = useMemo(() => (history === null ? [] : toRows(history, format.rate)), [history, format]);
  const isLost = useContact().state === 'lost';
  const first = history?.columnsAtMs[0];
  const columns = columnsFor(history);
  const spanMs = columns * (history?.columnMs ?? 5_000);
  const lastAtMs = history?.lastAtMs ?? 0;
  const times = useMemo(() => axisTimes({ lastAtMs, spanMs, nowWord: t('now') }), [lastAtMs, spanMs, t]);
  const title = t('title', { minutes: spanMs / 60_000 });
  const hidden = (history?.partitionCount ?? 0) - rows.length;
  const note = first === undefined ? t('note') : t('since', { time: format.clock(first) });
  return (
    <Case label={title}>
      <SectionHead title={title} note={note}>
        <HeatScale low="0" high="200 %" />
      </SectionHead>
      {problem !== null && rows.length === 0 ? <ErrorNotice title={t('failed')} problem={problem} onRetry={retry} /> : null}
      {problem === null && rows.length === 0 ? <Waiting>{t(isLost ? 'unknown' : 'waiting')}</Waiting> : null}
      {rows.length === 0 ? null : (
        <HeatMap
          rows={rows}
          columns={columns}
          heads={{ first: t('leader'), second: t('rate') }}
          label={t('summary', { count: rows.length })}
          times={times}
        />
      )}
      {hidden > 0 ? <p>{t('more', { count: hidden })}</p> : null}
    </Case>
  );
}

/** Two minutes, five, then all ten: what was watched fills the case instead of hanging at its edge. */
function columnsFor(history: PartitionHistory | null): number {
  const watched = history?.columnsAtMs.length ?? 0;
  const all = history?.maxColumns ?? 24;
  return [24, 60].find((columns) => watched <= columns) ?? all;
}

interface Axis {
  readonly lastAtMs: number;
  readonly spanMs: number;
  readonly nowWord: string;
}

/** Whole minutes under the columns, and now at their end; a minute too near to now would touch its word. */
function axisTimes({ lastAtMs, spanMs, nowWord }: Axis): readonly { readonly share: number; readonly text: string }[] {
  const minutes = timeTicks(lastAtMs - spanMs, lastAtMs, 5)
    .atMs.map((atMs) => ({ share: 1 - (lastAtMs - atMs) / spanMs, text: formatClock(atMs).slice(0, 5) }))
    .filter(({ share }) => share > 0.04 && share < 0.92);
  return [...minutes, { share: 1, text: nowWord }];
}

function toRows(history: PartitionHistory, rate: (perSecond: number) => string): readonly HeatRow[] {
  return history.rows.map((row) => {
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

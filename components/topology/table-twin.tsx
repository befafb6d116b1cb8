// The picture as a table: same facts, sortable, by keyboard, and to take away as a file.
'use client';

import { Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { Action } from '#components/ui/action.tsx';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { Paper, SectionHead } from '#components/ui/surface.tsx';
import { StateShape, type State } from '#components/ui/state-shape.tsx';
import { Unknown } from '#components/ui/figure.tsx';
import { useFormat, type Format } from '#components/ui/use-format.ts';
import { useSortParam } from '#components/ui/use-sort-param.ts';
import { toCsv, type PartitionRow } from './partition-rows.ts';
import { Toggle } from './switches.tsx';
import hidden from '#components/ui/sr.module.css';
import styles from './table-twin.module.css';
import type { LiveView } from './use-live-view.ts';

export function TableTwin({ rows, view }: { readonly rows: readonly PartitionRow[]; readonly view: LiveView }): React.JSX.Element {
  const t = useTranslations('live.table');
  const format = useFormat();
  const [sort, setSort] = useSortParam();
  const columns = useMemo(() => partitionColumns(t, format), [t, format]);
  const selected = view.selection?.kind === 'partition' ? `${view.selection.topic}-${view.selection.partition}` : null;
  return (
    <Paper className={styles.tablePaper} label={t('title')}>
      <SectionHead title={t('title')} note={t('note', { count: rows.length })}>
        <Toggle label={t('internal')} isOn={view.showInternal} onChange={view.setShowInternal} />
        <Action onClick={() => download(rows)}>
          <Download size={15} />
          {t('export')}
        </Action>
      </SectionHead>
      <DataTable
        label={t('title')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.key}
        sort={sort}
        onSort={setSort}
        currentKey={selected}
        maxHeight="100%"
        onOpen={(row) => view.select({ kind: 'partition', topic: row.topic, partition: row.partition, brokerId: null })}
      />
    </Paper>
  );
}

function download(rows: readonly PartitionRow[]): void {
  const url = URL.createObjectURL(new Blob([toCsv(rows)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'partitions.csv';
  link.click();
  URL.revokeObjectURL(url);
}

export function rowState(row: PartitionRow): State {
  if (row.leaderId === null) return 'offline';
  return row.isr.length < row.replicas.length ? 'watch' : 'good';
}

function figure(value: number | null, show: (value: number) => string): React.ReactNode {
  return value === null ? <Unknown /> : show(value);
}

function partitionColumns(t: ReturnType<typeof useTranslations<'live.table'>>, format: Format): readonly Column<PartitionRow>[] {
  return [
    {
      id: 'partition',
      header: t('partition'),
      sortBy: (row) => row.key,
      cell: (row) => (
        <span className={styles.rowName}>
          <StateShape state={rowState(row)} />
          <b>{row.key}</b>
          <span className={hidden.sr}>{t(`state.${rowState(row) as 'good' | 'watch' | 'offline'}`)}</span>
        </span>
      ),
    },
    { id: 'leader', header: t('leader'), align: 'right', sortBy: (row) => row.leaderId, cell: (row) => figure(row.leaderId, String) },
    {
      id: 'epoch',
      header: t('epoch'),
      align: 'right',
      isWide: true,
      sortBy: (row) => row.leaderEpoch,
      cell: (row) => figure(row.leaderEpoch, String),
    },
    {
      id: 'replicas',
      header: t('replicas'),
      isWide: true,
      sortBy: (row) => row.replicas.join(','),
      cell: (row) => row.replicas.join(', '),
    },
    { id: 'isr', header: t('isr'), isWide: true, sortBy: (row) => row.isr.length, cell: (row) => row.isr.join(', ') },
    {
      id: 'end',
      header: t('end'),
      align: 'right',
      isWide: true,
      sortBy: (row) => row.endOffset,
      cell: (row) => figure(row.endOffset, format.count),
    },
    {
      id: 'rate',
      header: t('rate'),
      align: 'right',
      sortBy: (row) => row.recordsPerSecond,
      cell: (row) => figure(row.recordsPerSecond, format.rate),
    },
    {
      id: 'lag',
      header: t('lag'),
      align: 'right',
      sortBy: (row) => row.lag,
      cell: (row) => (row.lag === null ? <span className={styles.dim}>{t('unread')}</span> : format.count(row.lag)),
    },
    {
      id: 'readers',
      header: t('readers'),
      isWide: true,
      sortBy: (row) => row.readers.join(','),
      cell: (row) => row.readers.join(', '),
    },
  ];
}

// Which leader epoch wrote which offsets, by the leader's own checkpoint, newest first.
'use client';

import { useTranslations } from 'next-intl';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { Note } from '#components/ui/notice.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { PartitionReplicas } from '#server/cluster/partition-replicas.ts';
import { epochSpans, tintOf } from './partition-view.ts';
import styles from './partitions.module.css';

type Span = ReturnType<typeof epochSpans>[number];

export function EpochTable({ partition }: { readonly partition: PartitionReplicas }): React.JSX.Element {
  const t = useTranslations('partition');
  const format = useFormat();
  const leader = partition.replicas.find((replica) => replica.isLeader);
  if (partition.epochs === null || leader?.logStartOffset == null || leader.logEndOffset === null) return <Note>{t('epochsUnknown')}</Note>;
  const spans = epochSpans(partition.epochs, leader.logStartOffset, leader.logEndOffset).toReversed();
  if (spans.length === 0) return <Note>{t('noRecords')}</Note>;
  const columns: readonly Column<Span>[] = [
    {
      id: 'epoch',
      header: t('column.epoch'),
      cell: ({ epoch }) => (
        <span className={styles.epoch}>
          <i className={styles.key} data-kind="committed" data-tint={tintOf(epoch)} aria-hidden="true" />
          <b>{epoch === null ? t('epochUntold') : format.count(epoch)}</b>
        </span>
      ),
    },
    { id: 'from', header: t('column.from'), align: 'right', cell: ({ from }) => format.count(from) },
    { id: 'to', header: t('column.to'), align: 'right', cell: ({ to }) => format.count(to - 1) },
    { id: 'records', header: t('column.records'), align: 'right', cell: ({ from, to }) => format.count(to - from) },
  ];
  return <DataTable label={t('epochs')} columns={columns} rows={spans} rowKey={({ from }) => String(from)} maxHeight="320px" />;
}

// The tapes' twin: the same replicas as figures.
'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useClusterHref } from '#components/shell/cluster-context.tsx';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { Figure } from '#components/ui/figure.tsx';
import { LoadingTable } from '#components/ui/loading-table.tsx';
import parts from '#components/ui/page-parts.module.css';
import { StateShape } from '#components/ui/state-shape.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { PartitionReplica, PartitionReplicas } from '#server/cluster/partition-replicas.ts';
import { replicaState, standingsOf } from './partition-view.ts';
import { StandingWords } from './standing-mark.tsx';

const rowHeight = 48;
const untold = { eligible: null, isr: [] } as const;

export function ReplicaTable({ partition }: { readonly partition: PartitionReplicas }): React.JSX.Element {
  const t = useTranslations('partition');
  const columns = useReplicaColumns(partition);
  return (
    <DataTable
      label={t('replicas')}
      columns={columns}
      rows={partition.replicas}
      rowKey={(one) => String(one.brokerId)}
      rowHeight={rowHeight}
    />
  );
}

export function ReplicaTableLoading({ name }: { readonly name: string }): React.JSX.Element {
  const t = useTranslations('partition');
  return <LoadingTable columns={useReplicaColumns(untold)} rows={3} rowHeight={rowHeight} awaited={t('waiting', { name })} />;
}

function useReplicaColumns(partition: Pick<PartitionReplicas, 'eligible' | 'isr'>): readonly Column<PartitionReplica>[] {
  const t = useTranslations('partition');
  const format = useFormat();
  const count = (value: number | null): React.JSX.Element => <Figure value={value === null ? null : format.count(value)} />;
  return [
    { id: 'broker', header: t('column.broker'), cell: (one) => <Name replica={one} /> },
    {
      id: 'sync',
      header: t('column.sync'),
      cell: (one) => (
        <>
          {one.isInSync ? t('tapes.inSync') : <b>{t('tapes.outOfSync')}</b>}
          <StandingWords standings={standingsOf(partition, one.brokerId)} />
        </>
      ),
    },
    { id: 'start', header: t('column.start'), align: 'right', isWide: true, cell: (one) => count(one.logStartOffset) },
    { id: 'watermark', header: t('column.watermark'), align: 'right', isWide: true, cell: (one) => count(one.highWatermark) },
    { id: 'end', header: t('column.end'), align: 'right', cell: (one) => count(one.logEndOffset) },
    { id: 'lag', header: t('column.lag'), align: 'right', cell: (one) => count(one.lag) },
    {
      id: 'size',
      header: t('column.size'),
      align: 'right',
      isWide: true,
      cell: (one) => <Figure value={one.sizeBytes === null ? null : format.bytes(one.sizeBytes)} />,
    },
  ];
}

function Name({ replica }: { readonly replica: PartitionReplica }): React.JSX.Element {
  const t = useTranslations('partition.tapes');
  const href = useClusterHref();
  return (
    <span className={parts.name}>
      <StateShape state={replicaState(replica)} />
      <span>
        <Link href={href(`brokers/${replica.brokerId}`)}>{t('broker', { broker: replica.brokerId })}</Link>
        <span className={parts.why}>
          {replica.isLeader ? t('leads') : t('follows')}
          {replica.isPreferred ? `${t('comma')}${t('firstChoice')}` : ''}
        </span>
      </span>
    </span>
  );
}

// The partitions of a topic: leader, copies as cells in fixed places, offsets, size, rate, and how far behind the
// chosen reader is. The order never changes by itself.
'use client';

import { VisuallyHidden } from '@mantine/core';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { partitionPath } from '#components/shell/addresses.ts';
import { useClusterHref } from '#components/shell/cluster-context.tsx';
import { Cell } from '#components/ui/cell.tsx';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { Figure } from '#components/ui/figure.tsx';
import { LoadingTable } from '#components/ui/loading-table.tsx';
import { Meter } from '#components/ui/meter.tsx';
import parts from '#components/ui/page-parts.module.css';
import { StateShape } from '#components/ui/state-shape.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import { useSortParam } from '#components/ui/use-sort-param.ts';
import type { GroupDetail, PartitionDetail, TopicDetail } from '#server/cluster/port.ts';
import { brokersOf, copyLook, isFirstChoice, partitionState } from './topic-health.ts';
import styles from './topics.module.css';

/** Beyond this many brokers the copies are written instead of drawn. */
const maxDrawnBrokers = 8;
const rowHeight = 48;

export function PartitionTable({ topic, reader }: { readonly topic: TopicDetail; readonly reader: GroupDetail | null }): React.JSX.Element {
  const t = useTranslations('topics');
  const [sort, setSort] = useSortParam('psort');
  const columns = usePartitionColumns(topic, reader);
  return (
    <DataTable
      label={t('tab.partitions')}
      columns={columns}
      rows={topic.partitions}
      rowKey={(partition) => String(partition.partition)}
      sort={sort}
      onSort={setSort}
      rowHeight={rowHeight}
      maxHeight="calc(100dvh - 260px)"
    />
  );
}

function usePartitionColumns(
  topic: Pick<TopicDetail, 'name' | 'partitions'>,
  reader: GroupDetail | null,
): readonly Column<PartitionDetail>[] {
  const t = useTranslations('topics.partition');
  const tu = useTranslations('ui.units');
  const format = useFormat();
  const lags = useMemo(() => lagsOf(topic.name, reader), [topic.name, reader]);
  const brokerKey = brokersOf(topic.partitions).join(',');
  return useMemo(() => {
    const brokers = brokerKey === '' ? [] : brokerKey.split(',').map(Number);
    const count = (value: number | null): React.JSX.Element => <Figure value={value === null ? null : format.count(value)} />;
    const columns: Column<PartitionDetail>[] = [
      {
        id: 'partition',
        header: t('name'),
        sortBy: (one) => one.partition,
        cell: (one) => <PartitionName topic={topic.name} partition={one} />,
      },
      { id: 'leader', header: t('leader'), align: 'right', sortBy: (one) => one.leaderId, cell: (one) => <Leader partition={one} /> },
      {
        id: 'epoch',
        header: t('epoch'),
        align: 'right',
        isWide: true,
        sortBy: (one) => one.leaderEpoch,
        cell: (one) => count(one.leaderEpoch),
      },
      copiesColumn(brokers, t),
      {
        id: 'isr',
        header: t('inSync'),
        align: 'right',
        isWide: true,
        sortBy: (one) => one.isr.length,
        cell: (one) => <InSync partition={one} />,
      },
      {
        id: 'first',
        header: t('first'),
        align: 'right',
        isWide: true,
        sortBy: (one) => one.startOffset,
        cell: (one) => count(one.startOffset),
      },
      { id: 'end', header: t('end'), align: 'right', sortBy: (one) => one.endOffset, cell: (one) => count(one.endOffset) },
      {
        id: 'size',
        header: t('size'),
        align: 'right',
        isWide: true,
        sortBy: (one) => one.sizeBytes,
        cell: (one) => <Figure value={one.sizeBytes === null ? null : format.bytes(one.sizeBytes)} />,
      },
      {
        id: 'rate',
        header: tu('records'),
        align: 'right',
        isWide: true,
        sortBy: (one) => one.recordsPerSecond,
        cell: (one) => <Figure value={one.recordsPerSecond === null ? null : format.rate(one.recordsPerSecond)} />,
      },
    ];
    return reader === null ? columns : [...columns, ...lagColumns(lags, t('behind', { group: reader.groupId }), count)];
  }, [t, tu, format, topic.name, brokerKey, reader, lags]);
}

type Words = ReturnType<typeof useTranslations<'topics.partition'>>;

function copiesColumn(brokers: readonly number[], t: Words): Column<PartitionDetail> {
  if (brokers.length > maxDrawnBrokers) return { id: 'copies', header: t('copies'), isWide: true, cell: (one) => one.replicas.join(', ') };
  return {
    id: 'copies',
    header: (
      <span className={styles.cellHead}>
        {brokers.map((id) => (
          <span key={id}>{t('on', { broker: id })}</span>
        ))}
      </span>
    ),
    cell: (one) => (
      <span className={styles.cells}>
        {brokers.map((id) => (
          <CopyCell key={id} partition={one} brokerId={id} />
        ))}
      </span>
    ),
  };
}

function CopyCell({ partition, brokerId }: { readonly partition: PartitionDetail; readonly brokerId: number }): React.JSX.Element {
  const t = useTranslations('topics.copy');
  const look = copyLook(partition, brokerId);
  if (look === null) return <span style={{ width: 36 }} />;
  return (
    <Cell
      look={look}
      text={String(partition.partition)}
      hasCorner={look === 'solid' && !isFirstChoice(partition)}
      label={t(look, { broker: brokerId })}
    />
  );
}

function lagColumns(
  lags: ReadonlyMap<number, number | null>,
  head: string,
  count: (value: number | null) => React.ReactNode,
): Column<PartitionDetail>[] {
  const most = Math.max(1, ...[...lags.values()].map((lag) => lag ?? 0));
  const lagOf = (one: PartitionDetail): number | null => lags.get(one.partition) ?? null;
  return [
    { id: 'bar', header: head, isWide: true, sortBy: lagOf, cell: (one) => <Meter ratio={(lagOf(one) ?? 0) / most} tone="good" /> },
    { id: 'lag', header: <VisuallyHidden>{head}</VisuallyHidden>, align: 'right', isWide: true, cell: (one) => <b>{count(lagOf(one))}</b> },
  ];
}

export function lagsOf(topic: string, reader: GroupDetail | null): ReadonlyMap<number, number | null> {
  return new Map((reader?.offsets ?? []).filter((offset) => offset.topic === topic).map((offset) => [offset.partition, offset.lag]));
}

function PartitionName({ topic, partition }: { readonly topic: string; readonly partition: PartitionDetail }): React.JSX.Element {
  const t = useTranslations('topics.partition');
  const href = useClusterHref();
  const out = partition.replicas.filter((id) => !partition.isr.includes(id));
  const why =
    partition.leaderId === null
      ? t('whyOffline')
      : out.length > 0
        ? t('whyShort', { brokers: out.join(', ') })
        : isFirstChoice(partition)
          ? null
          : t('whyNotFirst', { broker: partition.replicas[0] ?? -1 });
  return (
    <span className={parts.name}>
      <StateShape state={partitionState(partition)} />
      <span>
        <Link href={href(partitionPath(topic, partition.partition))}>
          {topic}-{partition.partition}
        </Link>
        {why === null ? null : <span className={parts.why}>{why}</span>}
      </span>
    </span>
  );
}

function Leader({ partition }: { readonly partition: PartitionDetail }): React.JSX.Element {
  const t = useTranslations('topics.partition');
  if (partition.leaderId === null) return <span>{t('none')}</span>;
  return (
    <>
      <b>{partition.leaderId}</b>
      {isFirstChoice(partition) ? null : (
        <svg className={styles.tri} width="9" height="8" viewBox="0 0 9 8" aria-hidden="true">
          <path d="M4.5 0L9 8H0z" fill="var(--ink)" />
        </svg>
      )}
    </>
  );
}

function InSync({ partition }: { readonly partition: PartitionDetail }): React.JSX.Element {
  const t = useTranslations('topics.partition');
  const isShort = partition.isr.length < partition.replicas.length;
  return (
    <>
      {t.rich('inSyncOf', {
        isr: partition.isr.length,
        all: partition.replicas.length,
        b: (chunks) => (isShort ? <b>{chunks}</b> : chunks),
      })}
    </>
  );
}

export function PartitionTableLoading({ name }: { readonly name: string }): React.JSX.Element {
  const t = useTranslations('topics.partition');
  const columns = usePartitionColumns({ name, partitions: [] }, null);
  return <LoadingTable columns={columns} rowHeight={rowHeight} awaited={t('waiting', { name })} />;
}

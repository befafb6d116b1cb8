// The list of topics as a table.
'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { topicPath } from '#components/shell/addresses.ts';
import { useClusterHref } from '#components/shell/cluster-context.tsx';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { Figure } from '#components/ui/figure.tsx';
import { LoadingTable } from '#components/ui/loading-table.tsx';
import parts from '#components/ui/page-parts.module.css';
import { StateShape } from '#components/ui/state-shape.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import { useSortParam } from '#components/ui/use-sort-param.ts';
import type { TopicSummary } from '#server/cluster/port.ts';
import { topicState } from './topic-list.ts';

const rowHeight = 40;

export function TopicTable({ topics }: { readonly topics: readonly TopicSummary[] }): React.JSX.Element {
  const t = useTranslations('topics');
  const router = useRouter();
  const href = useClusterHref();
  const [sort, setSort] = useSortParam();
  const columns = useColumns();
  return (
    <DataTable
      label={t('list')}
      columns={columns}
      rows={topics}
      rowKey={(topic) => topic.name}
      sort={sort}
      onSort={setSort}
      onOpen={(topic) => router.push(href(topicPath(topic.name)))}
      rowHeight={rowHeight}
      maxHeight="calc(100dvh - 180px)"
    />
  );
}

function useColumns(): readonly Column<TopicSummary>[] {
  const t = useTranslations('topics.column');
  const tu = useTranslations('ui.units');
  const format = useFormat();
  return useMemo(
    () => [
      { id: 'name', header: t('name'), sortBy: (topic) => topic.name, cell: (topic) => <TopicName topic={topic} /> },
      {
        id: 'partitions',
        header: t('partitions'),
        align: 'right',
        sortBy: (topic) => topic.partitionCount,
        cell: (topic) => format.count(topic.partitionCount),
      },
      {
        id: 'copies',
        header: t('copies'),
        align: 'right',
        isWide: true,
        sortBy: (topic) => topic.replicationFactor,
        cell: (topic) => topic.replicationFactor,
      },
      {
        id: 'records',
        header: t('records'),
        align: 'right',
        sortBy: (topic) => topic.recordCount,
        cell: (topic) => <Figure value={topic.recordCount === null ? null : format.count(topic.recordCount)} />,
      },
      {
        id: 'size',
        header: t('size'),
        align: 'right',
        isWide: true,
        sortBy: (topic) => topic.sizeBytes,
        cell: (topic) => <Figure value={topic.sizeBytes === null ? null : format.bytes(topic.sizeBytes)} />,
      },
      {
        id: 'rate',
        header: tu('records'),
        align: 'right',
        sortBy: (topic) => topic.recordsPerSecond,
        cell: (topic) => <Figure value={topic.recordsPerSecond === null ? null : format.rate(topic.recordsPerSecond)} />,
      },
    ],
    [t, tu, format],
  );
}

function TopicName({ topic }: { readonly topic: TopicSummary }): React.JSX.Element {
  const t = useTranslations('topics');
  const href = useClusterHref();
  const why =
    topic.offlinePartitions > 0
      ? t('why.offline', { count: topic.offlinePartitions })
      : topic.underReplicatedPartitions > 0
        ? t('why.underReplicated', { count: topic.underReplicatedPartitions })
        : topic.isInternal
          ? t('why.internal')
          : null;
  return (
    <span className={parts.name}>
      <StateShape state={topicState(topic)} />
      <span>
        <Link href={href(topicPath(topic.name))}>{topic.name}</Link>
        {why === null ? null : <span className={parts.why}>{why}</span>}
      </span>
    </span>
  );
}

export function TopicTableLoading(): React.JSX.Element {
  const t = useTranslations('topics');
  return <LoadingTable columns={useColumns()} rowHeight={rowHeight} awaited={t('waiting')} />;
}

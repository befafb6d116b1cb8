// How far behind, by partition. The order is the partitions' own; worst rows are marked, never moved.
'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { Sparkline } from '#components/charts/sparkline.tsx';
import { topicPath, withQuery } from '#components/shell/addresses.ts';
import { useClusterHref } from '#components/shell/cluster-context.tsx';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { Figure } from '#components/ui/figure.tsx';
import { Meter } from '#components/ui/meter.tsx';
import parts from '#components/ui/page-parts.module.css';
import { StateShape } from '#components/ui/state-shape.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import { useSortParam } from '#components/ui/use-sort-param.ts';
import type { GroupDetail, GroupOffset } from '#server/cluster/port.ts';
import { memberNumber, offsetWord, partitionOf } from './group-view.ts';
import type { LagHistory } from './lag-history.ts';

export function LagTable({ group, history }: { readonly group: GroupDetail; readonly history: LagHistory }): React.JSX.Element {
  const t = useTranslations('groups.lagTable');
  const [sort, setSort] = useSortParam();
  const columns = useLagColumns(group, history);
  return (
    <DataTable
      label={t('label')}
      columns={columns}
      rows={group.offsets}
      rowKey={partitionOf}
      sort={sort}
      onSort={setSort}
      maxHeight="60dvh"
    />
  );
}

function useLagColumns(group: GroupDetail, history: LagHistory): readonly Column<GroupOffset>[] {
  const t = useTranslations('groups.lagTable');
  const format = useFormat();
  return useMemo(() => {
    const most = Math.max(1, ...group.offsets.map((offset) => offset.lag ?? 0));
    const count = (value: number | null, reason?: string): React.JSX.Element =>
      reason === undefined ? (
        <Figure value={value === null ? null : format.count(value)} />
      ) : (
        <Figure value={value === null ? null : format.count(value)} reason={reason} />
      );
    return [
      { id: 'partition', header: t('partition'), sortBy: partitionOf, cell: (offset) => <PartitionCell group={group} offset={offset} /> },
      {
        id: 'start',
        header: t('start'),
        align: 'right',
        isWide: true,
        sortBy: (offset) => offset.startOffset,
        cell: (offset) => count(offset.startOffset),
      },
      {
        id: 'committed',
        header: t('committed'),
        align: 'right',
        sortBy: (offset) => offset.committedOffset,
        cell: (offset) => count(offset.committedOffset, offset.state === 'commit-unknown' ? undefined : t('nothingCommitted')),
      },
      {
        id: 'end',
        header: t('end'),
        align: 'right',
        isWide: true,
        sortBy: (offset) => offset.endOffset,
        cell: (offset) => count(offset.endOffset),
      },
      { id: 'lag', header: t('records'), align: 'right', sortBy: (offset) => offset.lag, cell: (offset) => <b>{count(offset.lag)}</b> },
      { id: 'bar', header: '', isWide: true, cell: (offset) => <Meter ratio={(offset.lag ?? 0) / most} tone="good" /> },
      {
        id: 'history',
        header: t('history'),
        isWide: true,
        cell: (offset) => <Sparkline values={history.byPartition.get(partitionOf(offset)) ?? []} width={132} height={20} />,
      },
    ] satisfies readonly Column<GroupOffset>[];
  }, [group, history, t, format]);
}

function PartitionCell({ group, offset }: { readonly group: GroupDetail; readonly offset: GroupOffset }): React.JSX.Element {
  const t = useTranslations('groups.lagTable');
  const href = useClusterHref();
  const words = useTranslations('groups.offsetState');
  const owner = memberNumber(group, offset.memberId);
  const word = offsetWord(offset.state);
  return (
    <span className={parts.name}>
      <StateShape state={rowState(offset, owner)} />
      <span>
        <Link href={href(withQuery(topicPath(offset.topic), { reader: group.groupId }))}>{partitionOf(offset)}</Link>{' '}
        <small>
          {owner === null ? t('nobody') : t('member', { number: owner })}
          {word === null ? '' : t('gap')}
          {word === null ? '' : words(word)}
        </small>
      </span>
    </span>
  );
}

function rowState(offset: GroupOffset, owner: number | null): 'unknown' | 'watch' | 'good' {
  if (offset.state === 'below-log-start' || offset.state === 'past-log-end') return 'watch';
  if (offset.lag === null) return 'unknown';
  return owner === null && offset.lag > 0 ? 'watch' : 'good';
}

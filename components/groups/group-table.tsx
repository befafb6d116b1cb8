// The list of groups.
'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { groupPath } from '#components/shell/addresses.ts';
import { useClusterHref } from '#components/shell/cluster-context.tsx';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { Figure } from '#components/ui/figure.tsx';
import { ForeignText } from '#components/ui/foreign-text.tsx';
import { LoadingTable } from '#components/ui/loading-table.tsx';
import parts from '#components/ui/page-parts.module.css';
import { StateShape } from '#components/ui/state-shape.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import { useSortParam } from '#components/ui/use-sort-param.ts';
import type { GroupSummary } from '#server/cluster/port.ts';
import { groupState, verdictWord } from './group-view.ts';
import styles from './groups.module.css';
import { LagStatus, TimeLag } from './lag-words.tsx';

export function GroupTable({ groups }: { readonly groups: readonly GroupSummary[] }): React.JSX.Element {
  const t = useTranslations('groups');
  const router = useRouter();
  const href = useClusterHref();
  const [sort, setSort] = useSortParam();
  const columns = useColumns();
  return (
    <DataTable
      label={t('list')}
      columns={columns}
      rows={groups}
      rowKey={(group) => group.groupId}
      sort={sort}
      onSort={setSort}
      onOpen={(group) => router.push(href(groupPath(group.groupId)))}
      maxHeight="calc(100dvh - 180px)"
    />
  );
}

export function GroupTableLoading(): React.JSX.Element {
  const t = useTranslations('groups');
  return <LoadingTable columns={useColumns()} awaited={t('waiting')} />;
}

function useColumns(): readonly Column<GroupSummary>[] {
  const t = useTranslations('groups');
  const href = useClusterHref();
  const format = useFormat();
  return useMemo<readonly Column<GroupSummary>[]>(
    () => [
      {
        id: 'group',
        header: t('column.group'),
        sortBy: (group) => group.groupId,
        cell: (group) => (
          <span className={parts.name}>
            <StateShape state={groupState(group)} />
            <Link href={href(groupPath(group.groupId))}>
              <ForeignText text={group.groupId} />
            </Link>
          </span>
        ),
      },
      { id: 'state', header: t('column.state'), sortBy: (group) => group.state, cell: (group) => group.state },
      {
        id: 'type',
        header: t('column.protocol'),
        isWide: true,
        sortBy: (group) => group.groupType,
        cell: (group) => <Figure value={group.groupType} />,
      },
      {
        id: 'coordinator',
        header: t('column.coordinator'),
        align: 'right',
        isWide: true,
        sortBy: (group) => group.coordinatorId,
        cell: (group) => <Figure value={group.coordinatorId === null ? null : String(group.coordinatorId)} />,
      },
      {
        id: 'members',
        header: t('column.members'),
        align: 'right',
        sortBy: (group) => group.memberCount,
        cell: (group) => format.count(group.memberCount),
      },
      {
        id: 'lag',
        header: t('column.lag'),
        align: 'right',
        sortBy: (group) => group.lag,
        cell: (group) => (
          <b>
            <Figure value={group.lag === null ? null : format.count(group.lag)} />
          </b>
        ),
      },
      {
        id: 'timeLag',
        header: t('column.timeLag'),
        align: 'right',
        isWide: true,
        sortBy: (group) => group.judgement?.timeLag?.ms ?? null,
        cell: (group) => <TimeLag judgement={group.judgement} />,
      },
      {
        id: 'verdict',
        header: t('column.verdict'),
        sortBy: (group) => verdictWord(group.judgement),
        cell: (group) => <LagStatus judgement={group.judgement} />,
      },
      {
        id: 'topics',
        header: t('column.topics'),
        isWide: true,
        cell: (group) => (
          <span className={styles.topics} title={group.topics.join(', ')}>
            {group.topics.join(', ')}
          </span>
        ),
      },
    ],
    [t, format, href],
  );
}

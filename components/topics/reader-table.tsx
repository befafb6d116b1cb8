// The groups that read this topic; choosing one shows its place on every partition and tape.
'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { groupPath } from '#components/shell/addresses.ts';
import { useClusterHref } from '#components/shell/cluster-context.tsx';
import { Action } from '#components/ui/action.tsx';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { ForeignText } from '#components/ui/foreign-text.tsx';
import { EmptyNotice } from '#components/ui/notice.tsx';
import parts from '#components/ui/page-parts.module.css';
import type { TopicDetail } from '#server/cluster/port.ts';

export interface ReaderTableProps {
  readonly topic: TopicDetail;
  readonly chosen: string | null;
  readonly onChoose: (groupId: string) => void;
}

interface Reader {
  readonly groupId: string;
}

export function ReaderTable({ topic, chosen, onChoose }: ReaderTableProps): React.JSX.Element {
  const t = useTranslations('topics.readers');
  const href = useClusterHref();
  if (topic.groups.length === 0) return <EmptyNotice title={t('emptyTitle')}>{t('empty')}</EmptyNotice>;
  const columns: Column<Reader>[] = [
    {
      id: 'group',
      header: t('group'),
      cell: ({ groupId }) => (
        <span className={parts.name}>
          <Link href={href(groupPath(groupId))}>
            <ForeignText text={groupId} />
          </Link>
        </span>
      ),
    },
    {
      id: 'shown',
      header: '',
      align: 'right',
      cell: ({ groupId }) =>
        groupId === chosen ? (
          t('shown')
        ) : (
          <Action tone="link" onClick={() => onChoose(groupId)}>
            {t('show')}
          </Action>
        ),
    },
  ];
  return (
    <DataTable
      label={t('label')}
      columns={columns}
      rows={topic.groups.map((groupId) => ({ groupId }))}
      rowKey={(row) => row.groupId}
      currentKey={chosen}
    />
  );
}

// Who reads what: one row a member, one small column a partition.
'use client';

import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { ForeignText, useForeignWords } from '#components/ui/foreign-text.tsx';
import parts from '#components/ui/page-parts.module.css';
import { StateShape } from '#components/ui/state-shape.tsx';
import type { GroupDetail } from '#server/cluster/port.ts';
import { memberNumber, ownershipColumns, owns, partitionCount, shortTopic } from './group-view.ts';
import styles from './groups.module.css';

type Member = GroupDetail['members'][number];

/** Beyond this a grid no longer fits, and the assignment is written out. */
const maxDrawnColumns = 16;

export function MemberTable({ group }: { readonly group: GroupDetail }): React.JSX.Element {
  const t = useTranslations('groups.member');
  const words = useForeignWords();
  const columns = useMemo<readonly Column<Member>[]>(
    () => [
      {
        id: 'member',
        header: t('member'),
        cell: (member) => (
          <span className={parts.name}>
            <StateShape state="good" />
            <span title={words(member.memberId)}>
              <b>{t('number', { number: memberNumber(group, member.memberId) ?? 0 })}</b>
              {member.instanceId === null ? null : (
                <span className={parts.why}>{t('instance', { instance: words(member.instanceId) })}</span>
              )}
            </span>
          </span>
        ),
      },
      {
        id: 'client',
        header: t('client'),
        cell: (member) => (
          <span className={styles.member}>
            <ForeignText text={member.host.replace(/^\//, '')} />{' '}
            <small>
              <ForeignText text={member.clientId} />
            </small>
          </span>
        ),
      },
      ownershipColumn(group, t('owns')),
      { id: 'count', header: t('partitions'), align: 'right', cell: (member) => partitionCount(member) },
      {
        id: 'id',
        header: t('id'),
        isWide: true,
        cell: (member) => (
          <span className={styles.member} title={words(member.memberId)}>
            <ForeignText text={member.memberId} />
          </span>
        ),
      },
    ],
    [group, t, words],
  );
  return <DataTable label={t('label')} columns={columns} rows={group.members} rowKey={(member) => member.memberId} rowHeight={36} />;
}

function ownershipColumn(group: GroupDetail, word: string): Column<Member> {
  const all = ownershipColumns(group);
  const topics = [...new Set(all.map((column) => column.topic))];
  if (all.length > maxDrawnColumns) {
    return {
      id: 'owns',
      header: word,
      isWide: true,
      cell: (member) => (
        <span className={styles.owned}>{member.assignment.map((one) => `${one.topic} ${one.partitions.join(', ')}`).join('; ')}</span>
      ),
    };
  }
  return {
    id: 'owns',
    header: (
      <>
        {all.map((column) => (
          <span key={`${column.topic}/${column.partition}`} className={styles.ownHead} title={`${column.topic}-${column.partition}`}>
            {shortTopic(column.topic, topics)}
            {column.partition}
          </span>
        ))}
      </>
    ),
    cell: (member) => (
      <>
        {all.map((column) =>
          owns(member, column) ? (
            <span key={`${column.topic}/${column.partition}`} className={styles.own} title={`${column.topic}-${column.partition}`}>
              {column.partition}
            </span>
          ) : (
            <span key={`${column.topic}/${column.partition}`} className={styles.not} />
          ),
        )}
      </>
    ),
  };
}

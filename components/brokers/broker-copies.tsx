// Every copy on a broker: what it leads, what it follows, and how far each is behind its leader.
'use client';

import { Checkbox, TextInput } from '@mantine/core';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { parseAsBoolean, parseAsString, useQueryStates } from 'nuqs';
import { partitionPath } from '#components/shell/addresses.ts';
import { useClusterHref } from '#components/shell/cluster-context.tsx';
import { Cell, type CellLook } from '#components/ui/cell.tsx';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { Figure } from '#components/ui/figure.tsx';
import { ErrorNotice, Note, Waiting } from '#components/ui/notice.tsx';
import parts from '#components/ui/page-parts.module.css';
import { Paper, SectionHead } from '#components/ui/surface.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import { useSortParam } from '#components/ui/use-sort-param.ts';
import type { BrokerReplica } from '#server/cluster/partition-replicas.ts';
import { copyRole, filterCopies, isBehind } from './broker-view.ts';
import styles from './brokers.module.css';
import type { AskedCopies } from './use-brokers.ts';

export function BrokerCopies({ asked }: { readonly asked: AskedCopies }): React.JSX.Element {
  const t = useTranslations('brokers.copies');
  const { copies, problem, retry } = asked;
  return (
    <Paper label={t('title')}>
      <SectionHead title={t('title')} note={copies === null ? t('note') : t('behindAll', { count: copies.filter(isBehind).length })} />
      {problem !== null && copies === null ? <ErrorNotice title={t('failed')} problem={problem} onRetry={retry} /> : null}
      {problem === null && copies === null ? <Waiting>{t('waiting')}</Waiting> : null}
      {copies?.length === 0 ? <Note>{t('none')}</Note> : null}
      {copies === null || copies.length === 0 ? null : <Filtered copies={copies} />}
    </Paper>
  );
}

function Filtered({ copies }: { readonly copies: readonly BrokerReplica[] }): React.JSX.Element {
  const t = useTranslations('brokers.copies');
  const [filter, setFilter] = useQueryStates({ copy: parseAsString.withDefault(''), behind: parseAsBoolean.withDefault(false) });
  const shown = filterCopies(copies, { text: filter.copy, onlyBehind: filter.behind });
  return (
    <>
      <div className={`${parts.filters} ${styles.filters}`}>
        <TextInput
          aria-label={t('filter')}
          placeholder={t('filter')}
          value={filter.copy}
          onChange={(event) => void setFilter({ copy: event.currentTarget.value || null })}
        />
        <Checkbox
          label={t('onlyBehind')}
          checked={filter.behind}
          onChange={(event) => void setFilter({ behind: event.currentTarget.checked || null })}
        />
      </div>
      {shown.length === 0 ? <Note>{t('noMatch')}</Note> : <CopyTable copies={shown} />}
    </>
  );
}

function CopyTable({ copies }: { readonly copies: readonly BrokerReplica[] }): React.JSX.Element {
  const t = useTranslations('brokers.copies');
  const format = useFormat();
  const [sort, setSort] = useSortParam('csort');
  const count = (value: number | null): React.JSX.Element => <Figure value={value === null ? null : format.count(value)} />;
  const columns: readonly Column<BrokerReplica>[] = [
    { id: 'partition', header: t('column.partition'), sortBy: nameOf, cell: (one) => <CopyName copy={one} /> },
    {
      id: 'role',
      header: t('column.role'),
      sortBy: copyRole,
      isWide: true,
      cell: (one) => t(copyRole(one), { leader: one.leaderId ?? -1 }),
    },
    {
      id: 'sync',
      header: t('column.sync'),
      sortBy: (one) => (one.isInSync ? 1 : 0),
      cell: (one) => (one.isInSync ? t('yes') : <b>{t('no')}</b>),
    },
    {
      id: 'end',
      header: t('column.end'),
      align: 'right',
      isWide: true,
      sortBy: (one) => one.logEndOffset,
      cell: (one) => count(one.logEndOffset),
    },
    { id: 'lag', header: t('column.lag'), align: 'right', sortBy: (one) => one.lag, cell: (one) => <b>{count(one.lag)}</b> },
    {
      id: 'size',
      header: t('column.size'),
      align: 'right',
      isWide: true,
      sortBy: (one) => one.sizeBytes,
      cell: (one) => <Figure value={one.sizeBytes === null ? null : format.bytes(one.sizeBytes)} />,
    },
  ];
  return (
    <DataTable
      label={t('title')}
      columns={columns}
      rows={copies}
      rowKey={nameOf}
      sort={sort}
      onSort={setSort}
      rowHeight={40}
      maxHeight="440px"
    />
  );
}

function CopyName({ copy }: { readonly copy: BrokerReplica }): React.JSX.Element {
  const t = useTranslations('brokers.copies');
  const href = useClusterHref();
  const role = copyRole(copy);
  const isLeader = role === 'leads' || role === 'leadsElsewhere';
  const look: CellLook = copy.leaderId === null ? 'leaderless' : isLeader ? 'solid' : copy.isInSync ? 'hollow' : 'hatched';
  return (
    <span className={parts.name}>
      <Cell
        look={look}
        text={String(copy.partition)}
        hasCorner={role === 'leadsElsewhere'}
        label={t(role, { leader: copy.leaderId ?? -1 })}
      />
      <Link href={href(partitionPath(copy.topic, copy.partition))}>{nameOf(copy)}</Link>
    </span>
  );
}

function nameOf({ topic, partition }: BrokerReplica): string {
  return `${topic}-${partition}`;
}

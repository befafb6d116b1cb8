// All consumer groups, whether they run, and how far behind they are.
'use client';

import { Select, TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { PageFrame } from '#components/shell/page-frame.tsx';
import { EmptyNotice, ErrorNotice } from '#components/ui/notice.tsx';
import parts from '#components/ui/page-parts.module.css';
import { Paper } from '#components/ui/surface.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { GroupSummary } from '#server/cluster/port.ts';
import { GroupTable, GroupTableLoading } from './group-table.tsx';
import { filterGroups, groupFilters, isTroubled } from './group-view.ts';
import { groupsEveryMs, useGroupQuery, useGroups } from './use-groups.ts';

export function GroupsPage(): React.JSX.Element {
  const t = useTranslations('groups');
  const { groups, problem, atMs, retry } = useGroups();
  const [query, setQuery] = useGroupQuery();
  const shown = useMemo(() => (groups === null ? null : filterGroups(groups, { text: query.q, show: query.show })), [groups, query]);
  return (
    <PageFrame
      state={groups === null ? 'unknown' : groups.some((group) => isTroubled(group.judgement)) ? 'watch' : 'good'}
      sentence={groups === null ? t('asking') : t('sentence', { count: groups.length })}
      reasons={<Reasons groups={groups} />}
      atMs={atMs}
      everyMs={groupsEveryMs}
    >
      <Paper label={t('list')}>
        <div className={parts.filters} role="search">
          <TextInput
            aria-label={t('filter.name')}
            placeholder={t('filter.name')}
            value={query.q}
            onChange={(event) => void setQuery({ q: event.currentTarget.value === '' ? null : event.currentTarget.value })}
            leftSection={<Search size={15} aria-hidden />}
            w={260}
          />
          <Select
            aria-label={t('filter.state')}
            data={groupFilters.map((filter) => ({ value: filter, label: t(`filter.show.${filter}`) }))}
            value={query.show}
            onChange={(value) => void setQuery({ show: groupFilters.find((filter) => filter === value) ?? null })}
            allowDeselect={false}
            w={200}
          />
          <span className={parts.count} role="status">
            {shown === null ? '' : t('filter.count', { count: shown.length })}
          </span>
        </div>
        {problem !== null && groups === null ? <ErrorNotice title={t('failed')} problem={problem} onRetry={retry} /> : null}
        {groups === null && problem === null ? <GroupTableLoading /> : null}
        {groups?.length === 0 ? <EmptyNotice title={t('empty.title')}>{t('empty.text')}</EmptyNotice> : null}
        {shown !== null && shown.length > 0 ? <GroupTable groups={shown} /> : null}
        {groups !== null && groups.length > 0 && shown?.length === 0 ? <p>{t('noMatch')}</p> : null}
      </Paper>
    </PageFrame>
  );
}

function Reasons({ groups }: { readonly groups: readonly GroupSummary[] | null }): React.JSX.Element | null {
  const t = useTranslations('groups');
  const format = useFormat();
  if (groups === null) return null;
  const members = groups.reduce((total, group) => total + group.memberCount, 0);
  // A group of another type than consumers commits nothing, so there is nothing of it that could be unknown.
  const lags = groups.filter((group) => group.topics.length > 0).map((group) => group.lag);
  const lag = lags.some((one) => one === null) ? null : lags.reduce<number>((total, one) => total + (one ?? 0), 0);
  return (
    <>
      {t.rich('reasons', { members, b: (chunks: React.ReactNode) => <b>{chunks}</b> })}
      {` ${lag === null ? t('lagUnknown') : t('lagSum', { count: lag, lag: format.count(lag) })}`}
    </>
  );
}

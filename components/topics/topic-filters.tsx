// What of the list is shown: a name, and a state. Both live in the URL.
'use client';

import { Select, TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import parts from '#components/ui/page-parts.module.css';
import { topicFilters, type TopicFilter } from './topic-list.ts';

export interface TopicFiltersProps {
  readonly query: { readonly q: string; readonly show: TopicFilter };
  readonly onQuery: (change: { q?: string | null; show?: TopicFilter | null }) => unknown;
  readonly count: number | null;
}

export function TopicFilters({ query, onQuery, count }: TopicFiltersProps): React.JSX.Element {
  const t = useTranslations('topics.filter');
  const options = topicFilters.map((filter) => ({ value: filter, label: t(`show.${filter}`) }));
  return (
    <div className={parts.filters} role="search">
      <TextInput
        aria-label={t('name')}
        placeholder={t('name')}
        value={query.q}
        onChange={(event) => void onQuery({ q: event.currentTarget.value === '' ? null : event.currentTarget.value })}
        leftSection={<Search size={15} aria-hidden />}
        w={260}
      />
      <Select
        aria-label={t('state')}
        data={options}
        value={query.show}
        onChange={(value) => void onQuery({ show: topicFilters.find((filter) => filter === value) ?? null })}
        allowDeselect={false}
        w={200}
      />
      <span className={parts.count} role="status">
        {count === null ? '' : t('count', { count })}
      </span>
    </div>
  );
}

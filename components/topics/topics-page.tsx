// All topics of the cluster.
'use client';

import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { parseAsBoolean, useQueryState } from 'nuqs';
import { useMemo } from 'react';
import { PageFrame } from '#components/shell/page-frame.tsx';
import { useCapabilities } from '#components/shell/use-capabilities.ts';
import { Action } from '#components/ui/action.tsx';
import { EmptyNotice, ErrorNotice } from '#components/ui/notice.tsx';
import { Paper } from '#components/ui/surface.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import { CreateTopic } from './create-topic.tsx';
import { filterTopics, totalsOf, type TopicTotals } from './topic-list.ts';
import { TopicFilters } from './topic-filters.tsx';
import { TopicTable, TopicTableLoading } from './topic-table.tsx';
import { topicsEveryMs, useTopicQuery, useTopics } from './use-topics.ts';

/** Saved views are a feature of their own; they stand among the page's actions. */
export function TopicsPage({ viewActions }: { readonly viewActions: React.ReactNode }): React.JSX.Element {
  const t = useTranslations('topics');
  const { topics, problem, atMs, retry } = useTopics();
  const [query, setQuery] = useTopicQuery();
  const [isCreating, setCreating] = useQueryState('create', parseAsBoolean.withDefault(false));
  const totals = useMemo(() => (topics === null ? null : totalsOf(topics)), [topics]);
  const shown = useMemo(() => (topics === null ? null : filterTopics(topics, { text: query.q, show: query.show })), [topics, query]);
  const create = <CreateAction onClick={() => void setCreating(true)} />;
  return (
    <PageFrame
      state={totals?.state ?? 'unknown'}
      sentence={<Sentence totals={totals} />}
      reasons={<Reasons totals={totals} />}
      actions={
        <>
          {viewActions}
          {create}
        </>
      }
      atMs={atMs}
      everyMs={topicsEveryMs}
    >
      <Paper label={t('list')}>
        <TopicFilters query={query} onQuery={setQuery} count={shown?.length ?? null} />
        {problem !== null && shown === null ? <ErrorNotice title={t('failed')} problem={problem} onRetry={retry} /> : null}
        {shown === null && problem === null ? <TopicTableLoading /> : null}
        {shown !== null && totals?.topics === 0 && query.show === 'all' ? (
          <EmptyNotice title={t('empty.title')} actions={create}>
            {t('empty.text')}
          </EmptyNotice>
        ) : null}
        {shown !== null && shown.length > 0 ? <TopicTable topics={shown} /> : null}
        {shown?.length === 0 && !(totals?.topics === 0 && query.show === 'all') ? <p>{t('noMatch')}</p> : null}
      </Paper>
      <CreateTopic isOpen={isCreating} onClose={() => setCreating(null)} />
    </PageFrame>
  );
}

function CreateAction({ onClick }: { readonly onClick: () => void }): React.JSX.Element {
  const t = useTranslations('topics');
  const capability = useCapabilities()?.createTopics;
  const isRefused = capability?.available === false;
  return (
    <Action tone="ink" onClick={onClick} disabled={isRefused} title={isRefused ? t('create.refused') : undefined}>
      <Plus size={15} aria-hidden />
      {t('create.open')}
    </Action>
  );
}

function Sentence({ totals }: { readonly totals: TopicTotals | null }): React.JSX.Element {
  const t = useTranslations('topics.sentence');
  if (totals === null) return <>{t('asking')}</>;
  if (totals.topics === 0 && totals.troubled === 0) return <>{t('none')}</>;
  return <>{totals.troubled === 0 ? t('good', { topics: totals.topics }) : t('troubled', { troubled: totals.troubled })}</>;
}

function Reasons({ totals }: { readonly totals: TopicTotals | null }): React.JSX.Element | null {
  const t = useTranslations('topics.sentence');
  const format = useFormat();
  if (totals === null) return null;
  const b = (chunks: React.ReactNode): React.ReactNode => <b>{chunks}</b>;
  return (
    <>
      {t('partitions', { partitions: totals.partitions })}
      {totals.records === null ? null : <>{t.rich('records', { count: totals.records, records: format.count(totals.records), b })}</>}
      {totals.bytes === null ? null : <>{t('bytes', { bytes: format.bytes(totals.bytes) })}</>}
      {t('stop')}
    </>
  );
}

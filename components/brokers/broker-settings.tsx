// The broker's settings, all of them, searchable; what somebody set stands first.
'use client';

import { Switch, TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { parseAsBoolean, parseAsString, useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { ForeignText } from '#components/ui/foreign-text.tsx';
import { ErrorNotice, Waiting } from '#components/ui/notice.tsx';
import parts from '#components/ui/page-parts.module.css';
import { Paper, SectionHead } from '#components/ui/surface.tsx';
import type { ConfigEntry } from '#server/cluster/port.ts';
import styles from './brokers.module.css';
import { useBrokerConfigs } from './use-brokers.ts';

export function BrokerSettings({ brokerId }: { readonly brokerId: number }): React.JSX.Element {
  const t = useTranslations('brokers.settings');
  const { configs, problem, retry } = useBrokerConfigs(brokerId);
  const [view, setView] = useQueryStates(
    { q: parseAsString.withDefault(''), set: parseAsBoolean.withDefault(true) },
    { history: 'replace' },
  );
  const shown = useMemo(
    () => (configs ?? []).filter((entry) => entry.name.includes(view.q.trim()) && (!view.set || isSet(entry))),
    [configs, view],
  );
  const columns = useMemo<readonly Column<ConfigEntry>[]>(
    () => [
      {
        id: 'name',
        header: t('name'),
        cell: (entry) => (
          <span className={parts.code} title={entry.documentation ?? undefined}>
            <ForeignText text={entry.name} />
          </span>
        ),
      },
      {
        id: 'value',
        header: t('value'),
        cell: (entry) => (
          <span className={styles.setting}>
            {entry.isSensitive ? t('hidden') : (entry.value ?? '') === '' ? '–' : <ForeignText text={entry.value ?? ''} />}
          </span>
        ),
      },
      { id: 'source', header: t('source'), isWide: true, cell: (entry) => t(`from.${entry.source}`) },
      { id: 'readonly', header: '', isWide: true, align: 'right', cell: (entry) => (entry.isReadOnly ? t('readOnly') : '') },
    ],
    [t],
  );
  return (
    <Paper label={t('title')}>
      <SectionHead title={t('title')} note={configs === null ? undefined : t('count', { shown: shown.length, all: configs.length })} />
      {problem !== null && configs === null ? <ErrorNotice title={t('failed')} problem={problem} onRetry={retry} /> : null}
      {configs === null && problem === null ? <Waiting>{t('waiting')}</Waiting> : null}
      {configs === null ? null : (
        <>
          <div className={`${parts.filters} ${styles.filters}`}>
            <TextInput
              aria-label={t('search')}
              placeholder={t('search')}
              value={view.q}
              onChange={(event) => void setView({ q: event.currentTarget.value === '' ? null : event.currentTarget.value })}
              leftSection={<Search size={15} aria-hidden />}
              w={280}
            />
            <Switch label={t('onlySet')} checked={view.set} onChange={(event) => void setView({ set: event.currentTarget.checked })} />
          </div>
          {shown.length === 0 ? (
            <p>{view.set && view.q.trim() === '' ? t('noneSet') : t('none')}</p>
          ) : (
            <DataTable label={t('title')} columns={columns} rows={shown} rowKey={(entry) => entry.name} maxHeight="60dvh" />
          )}
        </>
      )}
    </Paper>
  );
}

export function isSet(entry: ConfigEntry): boolean {
  return entry.source !== 'default' && entry.source !== 'unknown';
}

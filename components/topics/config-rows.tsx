// Settings to create a topic with: a name and a value each.
'use client';

import { Autocomplete, TextInput } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Action } from '#components/ui/action.tsx';
import parts from '#components/ui/page-parts.module.css';
import type { ConfigDraft } from './create-topic-draft.ts';
import styles from './topics.module.css';

const common = [
  'cleanup.policy',
  'retention.ms',
  'retention.bytes',
  'segment.bytes',
  'min.insync.replicas',
  'max.message.bytes',
  'compression.type',
  'message.timestamp.type',
  'delete.retention.ms',
];

export function ConfigRows({
  rows,
  onRows,
}: {
  readonly rows: readonly ConfigDraft[];
  readonly onRows: (rows: readonly ConfigDraft[]) => void;
}): React.JSX.Element {
  const t = useTranslations('topics.create');
  const change = (id: number, part: Partial<ConfigDraft>): void => onRows(rows.map((row) => (row.id === id ? { ...row, ...part } : row)));
  const add = (): void => onRows([...rows, { id: (rows.at(-1)?.id ?? 0) + 1, key: '', value: '' }]);
  return (
    <div>
      <p className={parts.heading}>{t('settings')}</p>
      {rows.map((row) => (
        <div key={row.id} className={styles.config}>
          <Autocomplete
            aria-label={t('settingName')}
            placeholder={t('settingName')}
            data={common}
            value={row.key}
            onChange={(key) => change(row.id, { key })}
            spellCheck={false}
          />
          <TextInput
            aria-label={t('settingValue')}
            placeholder={t('settingValue')}
            value={row.value}
            onChange={(event) => change(row.id, { value: event.currentTarget.value })}
            spellCheck={false}
          />
          <Action tone="square" aria-label={t('removeSetting')} onClick={() => onRows(rows.filter((one) => one.id !== row.id))}>
            <X size={15} aria-hidden />
          </Action>
        </div>
      ))}
      <Action tone="link" onClick={add}>
        <Plus size={14} aria-hidden />
        {t('addSetting')}
      </Action>
    </div>
  );
}

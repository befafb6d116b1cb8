// One setting: its value, where it comes from, what it means, and the change in place with the call it makes.
'use client';

import { TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Action } from '#components/ui/action.tsx';
import { ForeignText } from '#components/ui/foreign-text.tsx';
import { CodeBlock, ErrorNotice } from '#components/ui/notice.tsx';
import parts from '#components/ui/page-parts.module.css';
import { useUnitWords } from '#components/ui/use-format.ts';
import type { ConfigEntry } from '#server/cluster/port.ts';
import styles from './topics.module.css';
import { plainDocumentation, readSetting } from './setting-words.ts';
import { useAlterConfig } from './use-topic-actions.ts';

export interface SettingItemProps {
  readonly topic: string;
  readonly entry: ConfigEntry;
  readonly isHere: boolean;
}

export function SettingItem({ topic, entry, isHere }: SettingItemProps): React.JSX.Element {
  const t = useTranslations('topics.config');
  const [isEditing, setEditing] = useState(false);
  const reading = readSetting(entry.name, entry.value, useUnitWords());
  const documentation = entry.documentation === null ? null : plainDocumentation(entry.documentation);
  return (
    <li>
      <p className={styles.settingHead}>
        <code>
          <ForeignText text={entry.name} />
        </code>
        {entry.isReadOnly || isEditing ? null : (
          <Action tone="link" onClick={() => setEditing(true)} aria-label={t('changeNamed', { name: entry.name })}>
            {t('change')}
          </Action>
        )}
      </p>
      {isEditing ? (
        <SettingForm topic={topic} entry={entry} isHere={isHere} onClose={() => setEditing(false)} />
      ) : (
        <p className={styles.settingLine}>
          <b>{entry.isSensitive ? t('hidden') : (entry.value ?? '') === '' ? t('emptyValue') : <ForeignText text={entry.value ?? ''} />}</b>
          <em>{[reading ?? '', isHere ? '' : t(`source.${entry.source}`)].filter((part) => part !== '').join(', ')}</em>
        </p>
      )}
      {documentation === null || !isHere ? null : (
        <p className={styles.doc} title={documentation}>
          {documentation}
        </p>
      )}
    </li>
  );
}

function SettingForm({ topic, entry, isHere, onClose }: SettingItemProps & { readonly onClose: () => void }): React.JSX.Element {
  const t = useTranslations('topics.config');
  const tu = useTranslations('ui');
  const [value, setValue] = useState(entry.value ?? '');
  const alter = useAlterConfig(topic, onClose);
  return (
    <form
      className={styles.edit}
      onSubmit={(event) => {
        event.preventDefault();
        alter.run({ key: entry.name, value });
      }}
    >
      <TextInput
        aria-label={t('valueOf', { name: entry.name })}
        value={value}
        onChange={(event) => {
          alter.reset();
          setValue(event.currentTarget.value);
        }}
        autoFocus
        spellCheck={false}
      />
      <CodeBlock>
        <ForeignText text={`IncrementalAlterConfigs topic ${topic}\n  SET ${entry.name}=${value}`} hasLines />
      </CodeBlock>
      {alter.problem === null ? null : <ErrorNotice title={t('refused')} problem={alter.problem} />}
      <div className={parts.acts}>
        {isHere ? (
          <Action onClick={() => alter.run({ key: entry.name, value: null })} disabled={alter.isBusy}>
            {t('backToDefault')}
          </Action>
        ) : null}
        <Action onClick={onClose}>{tu('cancel')}</Action>
        <Action tone="ink" type="submit" disabled={alter.isBusy || value === entry.value}>
          {t('apply')}
        </Action>
      </div>
    </form>
  );
}

// Where reading begins: topic, place, partitions, how many at most.
'use client';

import { MultiSelect, NumberInput, Select, TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Action } from '#components/ui/action.tsx';
import { utc } from '#components/ui/format.ts';
import { toWhole } from '#components/ui/whole-number.ts';
import { limits, parseTime, positions, zoneOf } from './read-query.ts';
import styles from './messages.module.css';
import { useTopicChoices, type ChangeView, type MessageView } from './use-messages.ts';

export interface ReadBarProps {
  readonly view: MessageView;
  readonly change: ChangeView;
  readonly isReading: boolean;
  readonly onRead: () => void;
}

export function ReadBar({ view, change, isReading, onRead }: ReadBarProps): React.JSX.Element {
  const t = useTranslations('messages.bar');
  const topics = useTopicChoices();
  const partitionCount = topics.find((topic) => topic.name === view.topic)?.partitionCount ?? 0;
  const partitions = Array.from({ length: partitionCount }, (_, index) => String(index));
  const chosen = (view.p ?? []).map(String);
  return (
    <form
      className={styles.bar}
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onRead();
      }}
    >
      <Select
        label={t('topic')}
        placeholder={t('chooseTopic')}
        searchable
        data={topics.map((topic) => topic.name)}
        value={view.topic}
        onChange={(topic) => void change({ topic, p: null, open: null, picked: null })}
        w={220}
        nothingFoundMessage={t('noTopic')}
        allowDeselect={false}
      />
      <Select
        label={t('from')}
        data={positions.map((from) => ({ value: from, label: t(`position.${from}`) }))}
        value={view.from}
        onChange={(from) => void change({ from: positions.find((one) => one === from) ?? null, picked: null })}
        allowDeselect={false}
        w={150}
      />
      {view.from === 'offset' ? (
        <NumberInput
          label={t('offset')}
          min={0}
          allowDecimal={false}
          value={view.offset}
          onChange={(offset) => void change({ offset: toWhole(offset) ?? 0 })}
          w={140}
        />
      ) : null}
      {view.from === 'timestamp' ? <TimeField at={view.at} onAt={(at) => void change({ at })} /> : null}
      <MultiSelect
        label={t('partitions')}
        placeholder={chosen.length === 0 ? t('allPartitions') : ''}
        data={[...new Set([...partitions, ...chosen])]}
        value={chosen}
        onChange={(p) => void change({ p: p.length === 0 ? null : p.map(Number) })}
        w={chosen.length > 2 ? 260 : 180}
        searchable
      />
      <Select
        label={t('limit')}
        data={limits.map(String)}
        value={String(view.limit)}
        onChange={(limit) => void change({ limit: Number(limit ?? 100) })}
        allowDeselect={false}
        w={92}
      />
      <ZoneField zone={zoneOf(view.tz)} onZone={(tz) => void change({ tz })} />
      <Action tone="ink" type="submit" disabled={view.topic === null || isReading}>
        {isReading ? t('reading') : t('read')}
      </Action>
    </form>
  );
}

/** The browser's own zone beside UTC, and whichever the address names. */
function ZoneField({ zone, onZone }: { readonly zone: string; readonly onZone: (zone: string | null) => void }): React.JSX.Element {
  const t = useTranslations('messages.bar');
  const zones = [...new Set([utc, new Intl.DateTimeFormat().resolvedOptions().timeZone, zone])];
  return (
    <Select
      label={t('zone')}
      data={zones}
      value={zone}
      onChange={(chosen) => onZone(chosen === utc ? null : chosen)}
      allowDeselect={false}
      w={150}
    />
  );
}

function TimeField({ at, onAt }: { readonly at: string | null; readonly onAt: (at: string | null) => void }): React.JSX.Element {
  const t = useTranslations('messages.bar');
  const [text, setText] = useState(at ?? '');
  const [known, setKnown] = useState(at);
  // The address may change from elsewhere, e.g. by a saved view; what is being typed is never overwritten by its own echo.
  if (at !== known) {
    setKnown(at);
    if (at !== text.trim()) setText(at ?? '');
  }
  const isWrong = text !== '' && parseTime(text) === null;
  const commit = (value: string): void => {
    setText(value);
    if (parseTime(value) !== null) onAt(value.trim());
  };
  return (
    <TextInput
      label={t('time')}
      placeholder="2026-11-22 13:59:31"
      value={text}
      onChange={(event) => commit(event.currentTarget.value)}
      error={isWrong ? t('timeWrong') : null}
      w={190}
    />
  );
}

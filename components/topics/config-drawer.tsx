// The topic's settings: what is set here first, then the defaults; each can be changed in place. Below stand the
// two deeds that change the topic itself.
'use client';

import { Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { Action } from '#components/ui/action.tsx';
import { Drawer, DrawerSection } from '#components/ui/drawer.tsx';
import { ErrorNotice, Skeleton } from '#components/ui/notice.tsx';
import type { ConfigEntry, TopicDetail } from '#server/cluster/port.ts';
import { SettingItem } from './setting-item.tsx';
import { TopicDeeds } from './topic-deeds.tsx';
import styles from './topics.module.css';
import { useTopicConfigs } from './use-topic.ts';

export interface ConfigDrawerProps {
  readonly name: string;
  readonly topic: TopicDetail | null;
  readonly onClose: () => void;
}

const defaultsAtFirst = 4;

export function ConfigDrawer({ name, topic, onClose }: ConfigDrawerProps): React.JSX.Element {
  const t = useTranslations('topics.config');
  const { configs, problem, retry } = useTopicConfigs(name);
  const here = configs?.filter(isSetHere) ?? [];
  const rest = configs?.filter((entry) => !isSetHere(entry)) ?? [];
  return (
    <Drawer
      label={t('title')}
      title={t('title')}
      sub={configs === null ? undefined : t('counts', { here: here.length, rest: rest.length })}
      onClose={onClose}
      foot={topic === null ? undefined : <TopicDeeds name={name} topic={topic} />}
    >
      {problem !== null && configs === null ? <ErrorNotice title={t('failed')} problem={problem} onRetry={retry} /> : null}
      {configs === null && problem === null ? (
        <DrawerSection title={t('here')}>
          <Skeleton width="70%" />
        </DrawerSection>
      ) : null}
      {configs === null ? null : (
        <>
          <DrawerSection title={t('here')}>
            {here.length === 0 ? <p>{t('noneHere')}</p> : <Settings name={name} entries={here} isHere />}
          </DrawerSection>
          <DrawerSection title={t('defaults')}>
            <Defaults name={name} entries={rest} />
          </DrawerSection>
        </>
      )}
    </Drawer>
  );
}

export function isSetHere(entry: ConfigEntry): boolean {
  return entry.source === 'topic';
}

function Settings({
  name,
  entries,
  isHere = false,
}: {
  readonly name: string;
  readonly entries: readonly ConfigEntry[];
  readonly isHere?: boolean;
}): React.JSX.Element {
  return (
    <ul className={styles.settings}>
      {entries.map((entry) => (
        <SettingItem key={entry.name} topic={name} entry={entry} isHere={isHere} />
      ))}
    </ul>
  );
}

function Defaults({ name, entries }: { readonly name: string; readonly entries: readonly ConfigEntry[] }): React.JSX.Element {
  const t = useTranslations('topics.config');
  const [isAll, setAll] = useState(false);
  const [text, setText] = useState('');
  const shown = isAll ? entries.filter((entry) => entry.name.includes(text.trim())) : entries.slice(0, defaultsAtFirst);
  return (
    <>
      {isAll ? (
        <TextInput
          aria-label={t('search')}
          placeholder={t('search')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          leftSection={<Search size={15} aria-hidden />}
          mb={6}
        />
      ) : null}
      <Settings name={name} entries={shown} />
      {isAll || entries.length <= defaultsAtFirst ? null : (
        <Action tone="link" onClick={() => setAll(true)}>
          {t('more', { count: entries.length - defaultsAtFirst })}
        </Action>
      )}
    </>
  );
}

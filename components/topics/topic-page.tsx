// One topic: its partitions as cells with their offsets, who reads it and how far behind, its logs side by side.
'use client';

import { Tabs } from '@mantine/core';
import { SlidersHorizontal } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { withQuery } from '#components/shell/addresses.ts';
import { useClusterHref } from '#components/shell/cluster-context.tsx';
import { PageFrame } from '#components/shell/page-frame.tsx';
import { SubjectNotice } from '#components/shell/subject-notice.tsx';
import { oldestOf } from '#components/shell/use-subject.ts';
import { Action, ActionLink } from '#components/ui/action.tsx';
import { Paper } from '#components/ui/surface.tsx';
import { ConfigDrawer } from './config-drawer.tsx';
import { LogTapes } from './log-tapes.tsx';
import { PartitionTable, PartitionTableLoading } from './partition-table.tsx';
import { ReaderTable } from './reader-table.tsx';
import { TopicReasons, useTopicSentence } from './topic-sentence.tsx';
import styles from './topics.module.css';
import { topicHealth } from './topic-health.ts';
import { topicEveryMs, topicTabs, useReader, useTopic, useTopicView } from './use-topic.ts';

export function TopicPage({ name }: { readonly name: string }): React.JSX.Element {
  const t = useTranslations('topics');
  const subject = useTopic(name);
  const { data: topic, problem, isGone } = subject;
  const [view, setView] = useTopicView();
  const { reader, atMs: readerAtMs } = useReader(view.reader ?? topic?.groups[0] ?? null);
  const health = topic === null ? null : topicHealth(topic.partitions);
  const sentence = useTopicSentence(name, topic);
  // Of a topic that isn't there is nothing to read, write or set.
  const drawer = view.config && !isGone ? <ConfigDrawer name={name} topic={topic} onClose={() => void setView({ config: false })} /> : null;
  return (
    <PageFrame
      state={health?.state ?? 'unknown'}
      sentence={sentence}
      reasons={<TopicReasons health={health} topic={topic} />}
      actions={isGone ? null : <Actions name={name} isConfigOpen={view.config} onConfig={() => void setView({ config: true })} />}
      atMs={oldestOf(subject.atMs, readerAtMs)}
      everyMs={topicEveryMs}
      drawer={drawer}
    >
      <SubjectNotice subject={subject} name={t('named', { name })} failed={t('topicFailed', { name })} />
      {problem !== null && topic === null ? null : (
        <Paper className={styles.tabbed ?? ''}>
          <Tabs
            value={view.tab}
            onChange={(tab) => void setView({ tab: topicTabs.find((one) => one === tab) ?? null })}
            keepMounted={false}
          >
            <Tabs.List>
              <Tabs.Tab value="partitions" rightSection={topic?.partitions.length}>
                {t('tab.partitions')}
              </Tabs.Tab>
              <Tabs.Tab value="readers" rightSection={topic?.groups.length}>
                {t('tab.readers')}
              </Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="partitions">
              {topic === null ? <PartitionTableLoading name={name} /> : <PartitionTable topic={topic} reader={reader} />}
            </Tabs.Panel>
            <Tabs.Panel value="readers">
              {topic === null ? null : (
                <ReaderTable topic={topic} chosen={reader?.groupId ?? null} onChoose={(groupId) => void setView({ reader: groupId })} />
              )}
            </Tabs.Panel>
          </Tabs>
        </Paper>
      )}
      {topic === null ? null : <LogTapes topic={topic} reader={reader} />}
    </PageFrame>
  );
}

function Actions({
  name,
  isConfigOpen,
  onConfig,
}: {
  readonly name: string;
  readonly isConfigOpen: boolean;
  readonly onConfig: () => void;
}): React.JSX.Element {
  const t = useTranslations('topics');
  const href = useClusterHref();
  return (
    <>
      {isConfigOpen ? null : (
        <Action tone="wall" onClick={onConfig}>
          <SlidersHorizontal size={15} aria-hidden />
          {t('config.title')}
        </Action>
      )}
      <ActionLink tone="wall" href={href(withQuery('messages', { topic: name }))}>
        {t('read')}
      </ActionLink>
      <ActionLink tone="wall" href={href(withQuery('messages', { topic: name, produce: true }))}>
        {t('produce')}
      </ActionLink>
    </>
  );
}

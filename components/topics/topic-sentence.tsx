// The topic's sentence and its line of figures.
'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '#components/ui/use-format.ts';
import type { TopicDetail } from '#server/cluster/port.ts';
import { topicHealth, type TopicHealth } from './topic-health.ts';

export function useTopicSentence(name: string, topic: TopicDetail | null): string {
  const t = useTranslations('topics.one');
  if (topic === null) return name;
  const { offline, short } = topicHealth(topic.partitions);
  const all = topic.partitions.length;
  if (offline > 0) return t('offline', { name, offline, all });
  return short > 0 ? t('short', { name, short, all }) : t('good', { name });
}

export function TopicReasons({
  health,
  topic,
}: {
  readonly health: TopicHealth | null;
  readonly topic: TopicDetail | null;
}): React.JSX.Element | null {
  const t = useTranslations('topics.one');
  const format = useFormat();
  if (health === null || topic === null) return null;
  const copies = topic.partitions[0]?.replicas.length ?? 0;
  const b = (chunks: React.ReactNode): React.ReactNode => <b>{chunks}</b>;
  return (
    <>
      {t('size', { partitions: topic.partitions.length, copies })}
      {health.records === null ? null : t.rich('records', { count: health.records, records: format.count(health.records), b })}
      {health.bytes === null ? null : t('bytes', { bytes: format.bytes(health.bytes) })}
      {health.rate === null ? null : t('rate', { rate: format.rate(health.rate) })}
      {t('stop')}
    </>
  );
}

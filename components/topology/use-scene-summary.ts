// The picture in one sentence, for those who don't see it; it changes with the figures, once a second at most.
'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '#components/ui/use-format.ts';
import type { Scene } from './scene/scene.ts';

export function useSceneSummary(scene: Scene): string {
  const t = useTranslations('live.summary');
  const format = useFormat();
  const { state, figures } = scene;
  const online = state.brokers.filter((broker) => broker.state === 'online').length;
  const topics = [...state.topics.values()].filter((topic) => !topic.isInternal);
  const partitions = topics.reduce((sum, topic) => sum + topic.partitions.size, 0);
  const rate = (value: number | null | undefined): string => (value === null || value === undefined ? t('unknown') : format.rate(value));
  return t('text', {
    online,
    brokers: state.brokers.length,
    topics: topics.length,
    partitions,
    produce: rate(figures?.producePerSecond),
    consume: rate(figures?.consumePerSecond),
    groups: state.groups.length,
  });
}

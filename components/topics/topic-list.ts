// Which topics a filter shows and what the page says of them. Pure, so that the sentence and the list agree.
import type { TopicSummary } from '#server/cluster/port.ts';
import type { State } from '#components/ui/state-shape.tsx';

export const topicFilters = ['all', 'offline', 'under-replicated', 'under-min-isr', 'internal'] as const;
export type TopicFilter = (typeof topicFilters)[number];

export interface TopicQuery {
  readonly text: string;
  readonly show: TopicFilter;
}

export function filterTopics(topics: readonly TopicSummary[], { text, show }: TopicQuery): readonly TopicSummary[] {
  const wanted = text.trim().toLowerCase();
  return topics.filter((topic) => isShown(topic, show) && topic.name.toLowerCase().includes(wanted));
}

function isShown(topic: TopicSummary, show: TopicFilter): boolean {
  switch (show) {
    case 'all':
      return !topic.isInternal;
    case 'internal':
      return topic.isInternal;
    case 'offline':
      return topic.offlinePartitions > 0;
    case 'under-replicated':
      return topic.underReplicatedPartitions > 0;
    case 'under-min-isr':
      return (topic.underMinIsrPartitions ?? 0) > 0;
  }
}

export function topicState(topic: Pick<TopicSummary, 'offlinePartitions' | 'underReplicatedPartitions'>): State {
  if (topic.offlinePartitions > 0) return 'offline';
  return topic.underReplicatedPartitions > 0 ? 'watch' : 'good';
}

export interface TopicTotals {
  readonly topics: number;
  readonly partitions: number;
  readonly records: number | null;
  readonly bytes: number | null;
  readonly state: State;
  readonly troubled: number;
}

export function totalsOf(topics: readonly TopicSummary[]): TopicTotals {
  const own = topics.filter((topic) => !topic.isInternal);
  const troubled = topics.filter((topic) => topicState(topic) !== 'good');
  const state = troubled.some((topic) => topicState(topic) === 'offline') ? 'offline' : troubled.length > 0 ? 'watch' : 'good';
  return {
    topics: own.length,
    partitions: sum(own.map((topic) => topic.partitionCount)) ?? 0,
    records: sum(own.map((topic) => topic.recordCount)),
    bytes: sum(own.map((topic) => topic.sizeBytes)),
    state,
    troubled: troubled.length,
  };
}

/** The sum, or null as soon as one part is not known: a partial sum would pass for the whole. */
export function sum(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((total, value) => (total === null || value === null ? null : total + value), 0);
}

// Which events are about a topic that was there before another of its name. Events about leaders, in-sync sets and new partitions
// name no id, but those of creation and deletion between which they stand do. Pure.

import { textIn } from '../event-detail.ts';
import type { TopologySnapshot } from '../port.ts';
import type { TimelineFact } from '../timeline/entry.ts';

const nameless: ReadonlySet<string> = new Set(['leader-changed', 'isr-changed', 'partitions-added']);

/** The events in their order, without those about an earlier topic of a name that the picture has. */
export function withoutEarlierTopics<Event extends Pick<TimelineFact, 'kind' | 'detail'>>(
  topics: TopologySnapshot['topics'],
  events: readonly Event[],
): readonly Event[] {
  const begins = beginsOf(topics, events);
  return events.filter(({ kind, detail }, index) => !nameless.has(kind) || index > (begins.get(textIn(detail, 'topic') ?? '') ?? -1));
}

/** By name, where among the events the picture's topic begins: with its creation, or where another of its name is deleted. */
function beginsOf(
  topics: TopologySnapshot['topics'],
  events: readonly Pick<TimelineFact, 'kind' | 'detail'>[],
): ReadonlyMap<string, number> {
  const ids = new Map(topics.map(({ name, topicId }) => [name, topicId]));
  const begins = new Map<string, number>();
  for (const [index, { kind, detail }] of events.entries()) {
    const [name, topicId] = [textIn(detail, 'topic') ?? '', textIn(detail, 'topicId')];
    const known = ids.get(name) ?? null;
    if (known === null || topicId === null) continue;
    if (kind === 'topic-created' ? topicId === known : kind === 'topic-deleted' && topicId !== known) begins.set(name, index);
  }
  return begins;
}

// An acknowledged record of a topic that stands is at its offset, unless what the topic lets go of explains why it isn't: it was
// deleted by request, all before it expired too, or a later record of its key is there.

import type { ChurnedTopic, FoundTopic, History, KeyedRecord, Violation } from '../history.ts';

export function churnedRecordsStay(history: History): Violation[] {
  return history.churned.flatMap((topic) => {
    const found = history.found.get(topic.topicId);
    return topic.state === 'stands' && found !== undefined ? lostFrom(topic, found) : [];
  });
}

function lostFrom(topic: ChurnedTopic, found: FoundTopic): Violation[] {
  const values = new Map(found.records.map(({ partition, offset, value }) => [`${partition}@${offset}`, value]));
  return topic.acknowledged.flatMap((record) => {
    const value = values.get(`${record.partition}@${record.offset}`);
    if (value === record.value || (value === undefined && isExplained(topic, found, record))) return [];
    const place = `${topic.name}-${record.partition}@${record.offset}`;
    return [`${place} (${topic.cleanup}) was acknowledged as ${record.value} and holds ${value ?? 'nothing'}`];
  });
}

function isExplained({ cleanup, deletedBefore }: ChurnedTopic, { records }: FoundTopic, lost: KeyedRecord): boolean {
  const ofPartition = records.filter(({ partition }) => partition === lost.partition);
  if (lost.offset < (deletedBefore.get(lost.partition) ?? 0)) return true;
  if (cleanup === 'expires') return ofPartition.every(({ offset }) => offset > lost.offset);
  return cleanup === 'compacts' && ofPartition.some(({ key, offset }) => key === lost.key && offset > lost.offset);
}

// The offsets that the groups of a shard have committed: durable state, changed by replay alone.

import { zeroTopicId, type TopicId } from '#engine/base/brand.ts';
import type { CommittedOffset, GroupRecord } from './records.ts';

export type OffsetRecord = Extract<GroupRecord, { readonly kind: 'offset' }>;
export interface OffsetEntry {
  readonly topic: string;
  readonly partition: number;
  readonly committed: CommittedOffset;
}

export class OffsetTable {
  /** By group, then topic, then partition; empty maps are removed. */
  readonly #groups = new Map<string, Map<string, Map<number, CommittedOffset>>>();

  /** Answers the record that takes this one back. */
  replay({ groupId, topic, partition, value, kind }: OffsetRecord): OffsetRecord {
    const inverse = { kind, groupId, topic, partition, value: this.get(groupId, topic, partition) ?? null };
    if (value === null) this.#delete(groupId, topic, partition);
    else getOrAdd(getOrAdd(this.#groups, groupId), topic).set(partition, value);
    return inverse;
  }

  get(groupId: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.#groups.get(groupId)?.get(topic)?.get(partition);
  }

  hasGroup(groupId: string): boolean {
    return this.#groups.has(groupId);
  }

  groupIds(): IterableIterator<string> {
    return this.#groups.keys();
  }

  *ofGroup(groupId: string): Generator<OffsetEntry> {
    for (const [topic, partitions] of this.#groups.get(groupId) ?? []) {
      for (const [partition, committed] of partitions) yield { topic, partition, committed };
    }
  }

  *ofTopic(topic: string): Generator<OffsetEntry & { readonly groupId: string }> {
    for (const [groupId, topics] of this.#groups) {
      for (const [partition, committed] of topics.get(topic) ?? []) yield { groupId, topic, partition, committed };
    }
  }

  #delete(groupId: string, topic: string, partition: number): void {
    const topics = this.#groups.get(groupId);
    const partitions = topics?.get(topic);
    if (topics === undefined || partitions === undefined) return;
    partitions.delete(partition);
    if (partitions.size === 0) topics.delete(topic);
    if (topics.size === 0) this.#groups.delete(groupId);
  }
}

/** Whether two topic ids may name the same topic: records and clients of older versions don't say. */
export function mayBeSameTopic(a: TopicId, b: TopicId): boolean {
  return a === b || a === zeroTopicId || b === zeroTopicId;
}

function getOrAdd<Key, Inner, Value>(outer: Map<Key, Map<Inner, Value>>, key: Key): Map<Inner, Value> {
  let inner = outer.get(key);
  if (inner === undefined) {
    inner = new Map();
    outer.set(key, inner);
  }
  return inner;
}

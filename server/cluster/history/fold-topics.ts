// The topics of a picture while events are put upon it: created, deleted, grown, led by somebody else.
// Creation and deletion go by the topic's id where both the picture and the event tell one. The other events tell none: those
// about an earlier topic of the same name are left out before (earlier-topics.ts).
// Invariant: a topic stands under its own name, and each of its partitions under its own number.

import { assert } from '#engine/base/assert.ts';
import type { TopologyPartition, TopologySnapshot } from '../port.ts';
import { numberIn, textIn, type Detail } from '../event-detail.ts';

type Topic = TopologySnapshot['topics'][number];
type DraftTopic = Omit<Topic, 'partitions'> & { readonly partitions: ReadonlyMap<number, TopologyPartition> };

export class FoldTopics {
  readonly #topics: Map<string, DraftTopic>;
  readonly #missing = new Set<string>();
  #hasMoved = false;

  constructor(topics: readonly Topic[]) {
    this.#topics = new Map(topics.map((topic) => [topic.name, { ...topic, partitions: byNumber(topic.partitions) }]));
  }

  /** Whether leaders or in-sync sets are others than the picture had. */
  get hasMoved(): boolean {
    return this.#hasMoved;
  }

  /** Topics of which events told that they, or some of their partitions, are there, but not where. */
  get missing(): readonly string[] {
    return [...this.#missing].sort();
  }

  result(): readonly Topic[] {
    for (const [name, topic] of this.#topics)
      assert(name === topic.name && isByNumber(topic.partitions), `${name} stands for another topic`);
    const topics = [...this.#topics.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
    return topics.map((topic) => ({
      ...topic,
      partitions: [...topic.partitions.values()].sort((left, right) => left.partition - right.partition),
    }));
  }

  create(detail: Detail): void {
    const [name, topicId] = [textIn(detail, 'topic'), textIn(detail, 'topicId')];
    if (name === null || this.#isKnown(name, topicId)) return;
    const partitions = placementsIn(detail);
    if (partitions === null) {
      this.#missing.add(name);
      return;
    }
    this.#topics.set(name, { name, topicId, isInternal: detail['isInternal'] === true, partitions: byNumber(partitions) });
    this.#hasMoved = true;
  }

  delete(detail: Detail): void {
    const name = textIn(detail, 'topic') ?? '';
    if (!this.#isKnown(name, textIn(detail, 'topicId'))) return;
    this.#topics.delete(name);
    this.#missing.delete(name);
  }

  grow(detail: Detail): void {
    const topic = this.#topics.get(textIn(detail, 'topic') ?? '');
    if (topic === undefined) return;
    const added = (placementsIn(detail) ?? []).filter(({ partition }) => !topic.partitions.has(partition));
    const partitions = new Map([...topic.partitions, ...byNumber(added)]);
    if (partitions.size < (numberIn(detail, 'partitions') ?? 0)) this.#missing.add(topic.name);
    this.#topics.set(topic.name, { ...topic, partitions });
    this.#hasMoved ||= added.length > 0;
  }

  lead(detail: Detail): void {
    const leaderId = numberIn(detail, 'leaderId');
    const leaderEpoch = numberIn(detail, 'leaderEpoch');
    if (leaderId === null) return;
    this.#change(detail, (partition) => {
      // An epoch never goes back: what is older than the keyframe's own epoch it knows already.
      const isOld = leaderEpoch !== null && partition.leaderEpoch !== null && leaderEpoch < partition.leaderEpoch;
      if (isOld) return partition;
      return { ...partition, leaderId: leaderId < 0 ? null : leaderId, leaderEpoch: leaderEpoch ?? partition.leaderEpoch };
    });
  }

  setIsr(detail: Detail): void {
    const isr = detail['isr'];
    if (!Array.isArray(isr)) return;
    this.#change(detail, (partition) => ({ ...partition, isr: isr.filter((id) => typeof id === 'number') }));
  }

  #change(detail: Detail, change: (partition: TopologyPartition) => TopologyPartition): void {
    const topic = this.#topics.get(textIn(detail, 'topic') ?? '');
    const partition = topic?.partitions.get(numberIn(detail, 'partition') ?? -1);
    if (topic === undefined || partition === undefined) return;
    const changed = change(partition);
    if (changed === partition) return;
    this.#topics.set(topic.name, { ...topic, partitions: new Map(topic.partitions).set(partition.partition, changed) });
    this.#hasMoved = true;
  }

  #isKnown(name: string, topicId: string | null): boolean {
    const topic = this.#topics.get(name);
    if (topic === undefined) return this.#missing.has(name);
    return topicId === null || topic.topicId === null || topic.topicId === topicId;
  }
}

function byNumber(partitions: readonly TopologyPartition[]): Map<number, TopologyPartition> {
  return new Map(partitions.map((one) => [one.partition, one]));
}

function isByNumber(partitions: DraftTopic['partitions']): boolean {
  return [...partitions].every(([number, { partition }]) => number === partition);
}

/** How far a new partition was written nobody has looked yet. null: the event doesn't tell where they were put. */
function placementsIn(detail: Detail): readonly TopologyPartition[] | null {
  const placements: unknown = detail['placements'];
  return Array.isArray(placements) ? placements.flatMap(toPartition) : null;
}

function toPartition(placement: Detail): readonly TopologyPartition[] {
  const [partition, leaderId, leaderEpoch] = ['partition', 'leaderId', 'leaderEpoch'].map((name) => numberIn(placement, name));
  const { replicas, isr } = placement;
  if (partition == null || !isIds(replicas) || !isIds(isr)) return [];
  return [{ partition, leaderId: known(leaderId), leaderEpoch: known(leaderEpoch), replicas, isr, endOffset: null }];
}

function isIds(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((id) => typeof id === 'number');
}

function known(value: number | null | undefined): number | null {
  return value == null || value < 0 ? null : value;
}

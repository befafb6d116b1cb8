// One partition with its replicas side by side. A broker that can be asked as a process tells all of its copy; otherwise the
// protocol tells where each copy begins and ends, the leader its high watermark and its epochs. Who doesn't answer is unknown.

import type { PartitionMetadata, TopicMetadata } from '#engine/client/cluster-metadata.ts';
import type { KafkaClient } from '#engine/client/kafka-client.ts';
import { ClusterError } from '../cluster-error.ts';
import type { PartitionMove } from '../partition-moves.ts';
import type { BrokerReplica, EpochStart, PartitionReplica, PartitionReplicas } from '../partition-replicas.ts';
import { askEligible } from './eligible-replicas.ts';
import type { ClusterExtras } from './extras.ts';
import type { ClusterLink } from './link.ts';
import type { PartitionRef } from './list-offsets.ts';
import type { Disks } from './log-dirs.ts';
import { askEnds, askEpochs, askHighWatermark, askReplica } from './replica-offsets.ts';

/** What one replica told; null in place of it: its broker didn't answer. */
interface Told {
  readonly logStartOffset: number;
  readonly highWatermark: number | null;
  readonly logEndOffset: number;
  readonly sizeBytes: number | null;
  readonly epochs: readonly EpochStart[] | null;
}

export interface ReplicaSources {
  readonly link: ClusterLink;
  readonly extras: ClusterExtras | null;
  readonly disks: () => Promise<Disks | null>;
  readonly moves: () => Promise<readonly PartitionMove[] | null>;
}

export class ReplicaViews {
  readonly #sources: ReplicaSources;
  /** The epochs of the partition looked at last: they only change with its leader or its beginning. */
  #epochs: { readonly key: string; readonly epochs: readonly EpochStart[] } | null = null;

  constructor(sources: ReplicaSources) {
    this.#sources = sources;
  }

  async partition(place: PartitionRef): Promise<PartitionReplicas> {
    const { link, disks, moves } = this.#sources;
    const metadata = await link.metadata(500);
    const topic = metadata.topics.get(place.topic);
    const known = topic?.partitions.find((one) => one.partition === place.partition);
    if (topic === undefined || known === undefined)
      throw new ClusterError('UNKNOWN_TOPIC_OR_PARTITION', {
        kind: 'unknown-partition',
        params: { topic: place.topic, partition: place.partition },
      });
    const [told, eligible, sizes, underWay] = await Promise.all([
      Promise.all(known.replicas.map((brokerId) => this.#ask(brokerId, place, known))),
      this.#optional((client) => askEligible(client, place)),
      disks(),
      moves(),
    ]);
    const leaderAt = known.replicas.indexOf(known.leaderId);
    const leader = told[leaderAt] ?? null;
    const replicas = known.replicas.map((brokerId, index) =>
      toReplica(brokerId, { known, told: told[index] ?? null, leader, size: sizes?.get(brokerId)?.partitionBytes.get(nameOf(place)) }),
    );
    const move = underWay?.find((one) => one.topic === place.topic && one.partition === place.partition) ?? null;
    return {
      ...placeOf(topic, known),
      eligible,
      replicas,
      epochs: leader === null ? null : (leader.epochs ?? (await this.#epochsOf(topic, known, leader.logStartOffset))),
      move,
      atMs: link.world.clock.nowMs(),
    };
  }

  /** Every copy on a broker, with how far each is behind: one request to the broker and one to each leader. */
  async broker(brokerId: number): Promise<readonly BrokerReplica[]> {
    const { link, disks } = this.#sources;
    const metadata = await link.metadata(1_000);
    const held = [...metadata.topics.values()].flatMap((topic) =>
      topic.partitions.filter(({ replicas }) => replicas.includes(brokerId)).map((known) => ({ ...known, topic: topic.name })),
    );
    const askOf = (id: number, places: readonly PartitionRef[]) =>
      places.length === 0 || !metadata.brokers.has(id) ? null : this.#optional((client) => askEnds(client, id, places));
    const byLeader = [...Map.groupBy(held, ({ leaderId }) => leaderId)].filter(([leaderId]) => leaderId >= 0 && leaderId !== brokerId);
    const [own, sizes, ...leaders] = await Promise.all([
      askOf(brokerId, held),
      disks(),
      ...byLeader.map(([leaderId, places]) => askOf(leaderId, places)),
    ]);
    const leaderEnds = new Map(leaders.flatMap((ends) => [...(ends ?? [])]));
    return held.map(({ topic, partition, leaderId, replicas, isr }) => {
      const name = nameOf({ topic, partition });
      const logEndOffset = own?.get(name) ?? null;
      const leaderEnd = leaderId === brokerId ? logEndOffset : (leaderEnds.get(name) ?? null);
      return {
        topic,
        partition,
        leaderId: leaderId < 0 ? null : leaderId,
        isLeader: leaderId === brokerId,
        isPreferred: replicas[0] === brokerId,
        isInSync: isr.includes(brokerId),
        logEndOffset,
        lag: logEndOffset === null || leaderEnd === null ? null : Math.max(0, leaderEnd - logEndOffset),
        sizeBytes: sizes?.get(brokerId)?.partitionBytes.get(name) ?? null,
      };
    });
  }

  async #ask(brokerId: number, place: PartitionRef, known: PartitionMetadata): Promise<Told | null> {
    const facts = (await this.#sources.extras?.replicaFacts(brokerId, place)) ?? null;
    if (facts !== null) return facts;
    return this.#optional(async (client) => {
      if (!(await client.metadata(5_000)).brokers.has(brokerId)) return null;
      const [offsets, highWatermark] = await Promise.all([
        askReplica(client, brokerId, place),
        brokerId === known.leaderId ? askHighWatermark(client, brokerId, place) : null,
      ]);
      return offsets === null ? null : { ...offsets, highWatermark, sizeBytes: null, epochs: null };
    });
  }

  async #epochsOf(topic: TopicMetadata, known: PartitionMetadata, logStartOffset: number): Promise<readonly EpochStart[] | null> {
    if (known.leaderEpoch < 0) return null;
    const key = `${topic.topicId ?? topic.name}-${known.partition}-${known.leaderEpoch}-${logStartOffset}`;
    if (this.#epochs?.key === key) return this.#epochs.epochs;
    const { leaderId, leaderEpoch, partition } = known;
    const epochs = await this.#optional((client) =>
      askEpochs(client, { topic: topic.name, partition, leaderId, leaderEpoch, logStartOffset }),
    );
    if (epochs !== null) this.#epochs = { key, epochs };
    return epochs;
  }

  /** What one broker can't tell spoils nothing of what the others did; an error of ours is still one. */
  async #optional<Value>(ask: (client: KafkaClient) => Promise<Value | null>): Promise<Value | null> {
    try {
      return await this.#sources.link.once(ask);
    } catch (error) {
      if (error instanceof ClusterError) return null;
      throw error;
    }
  }
}

function placeOf(
  topic: TopicMetadata,
  known: PartitionMetadata,
): Pick<PartitionReplicas, 'topic' | 'topicId' | 'isInternal' | 'partition' | 'leaderId' | 'leaderEpoch' | 'isr'> {
  return {
    topic: topic.name,
    topicId: topic.topicId,
    isInternal: topic.isInternal,
    partition: known.partition,
    leaderId: known.leaderId < 0 ? null : known.leaderId,
    leaderEpoch: known.leaderEpoch < 0 ? null : known.leaderEpoch,
    isr: known.isr,
  };
}

interface Seen {
  readonly known: PartitionMetadata;
  readonly told: Told | null;
  readonly leader: Told | null;
  readonly size: number | undefined;
}

function toReplica(brokerId: number, { known, told, leader, size }: Seen): PartitionReplica {
  return {
    brokerId,
    isLeader: brokerId === known.leaderId,
    isPreferred: brokerId === known.replicas[0],
    isInSync: known.isr.includes(brokerId),
    answers: told !== null,
    logStartOffset: told?.logStartOffset ?? null,
    highWatermark: told?.highWatermark ?? null,
    logEndOffset: told?.logEndOffset ?? null,
    sizeBytes: told?.sizeBytes ?? size ?? null,
    lag: told === null || leader === null ? null : Math.max(0, leader.logEndOffset - told.logEndOffset),
    epochs: told?.epochs ?? null,
  };
}

function nameOf({ topic, partition }: PartitionRef): string {
  return `${topic}-${partition}`;
}

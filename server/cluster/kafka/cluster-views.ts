// Everything that pages look at, put together from few requests: what many browsers ask within a moment is asked of
// the cluster once. Parts that a cluster refuses or can't tell are null in the picture and don't spoil the rest.

import type { BrokerNode, ClusterMetadata } from '#engine/client/cluster-metadata.ts';
import type { KafkaClient } from '#engine/client/kafka-client.ts';
import { sharedVersion } from '#engine/client/negotiation.ts';
import { describeClusterApi } from '#engine/protocol/apis/60-describe-cluster.ts';
import { ClusterError, isClusterError } from '../cluster-error.ts';
import type { ClusterOverview, GroupDetail, TopicDetail, TopicSummary, TopologySnapshot } from '../port.ts';
import type { GroupTroubles } from '../health.ts';
import { LagWatch } from '../observe/lag.ts';
import type { LagSettings } from '../observe/lag-settings.ts';
import { Cached, type Asked } from './cached.ts';
import { configOfTopics } from './configs.ts';
import type { ClusterExtras } from './extras.ts';
import { allGroups } from './groups.ts';
import { pageMetadataAgeMs, type ClusterLink } from './link.ts';
import { allPartitions, askOffsets, earliestTimestamp, latestTimestamp, type OffsetTable } from './list-offsets.ts';
import { askDisks, type Disks } from './log-dirs.ts';
import { toOverview, type RegisteredBroker } from './overview-view.ts';
import { MinIsr } from './min-isr.ts';
import { askQuorum } from './quorum.ts';
import { releaseOf } from './release.ts';
import type { Sampler } from './sampler.ts';
import {
  countUnderMinIsr,
  isUnderReplicated,
  sumOrNull,
  toPartitionDetail,
  toTopicSummary,
  toTopologyPartition,
  type TopicFigures,
} from './topic-views.ts';

const quorumAgeMs = 2_000;
const disksAgeMs = 10_000;
/** While something is wrong with a disk, and for a while after, its room is looked at more often. */
const troubledDisksAgeMs = 2_000;
const troubledForMs = 60_000;
const startsAgeMs = 5_000;
/** Groups take several requests: the more there are, the longer one look serves. */
const groupsAgeMs = 2_000;
const groupsAStep = 100;
const slowestGroupsAgeMs = 30_000;

export interface ViewsOptions {
  readonly link: ClusterLink;
  readonly sampler: Sampler;
  readonly extras: ClusterExtras | null;
  readonly lag: LagSettings;
}

export class ClusterViews {
  readonly #options: ViewsOptions;
  readonly #remembered = new Map<number, BrokerNode>();
  readonly #lagWatch: LagWatch;
  #troubledUntilMs = -Infinity;
  readonly #registered: Cached<readonly RegisteredBroker[]>;
  readonly #quorum: Cached<Awaited<ReturnType<typeof askQuorum>>>;
  readonly #disks: Cached<Disks>;
  readonly #starts: Cached<OffsetTable>;
  readonly #ends: Cached<OffsetTable>;
  readonly #minIsr: MinIsr;
  readonly #groups: Cached<readonly GroupDetail[]>;
  readonly #overview: Cached<Asked<ClusterOverview>>;

  constructor(options: ViewsOptions) {
    this.#options = options;
    const { link, extras, lag } = options;
    this.#lagWatch = new LagWatch(lag, (groupId, topic, partition) => extras?.lastCommitMs(groupId, topic, partition) ?? null);
    const clock = link.world.clock;
    this.#registered = new Cached(clock, () => link.once(askRegistered));
    this.#quorum = new Cached(clock, () => link.once(askQuorum));
    this.#disks = new Cached(clock, () => link.once(askDisks));
    this.#starts = new Cached(clock, () => this.#askAll(earliestTimestamp));
    this.#ends = new Cached(clock, () => this.#askAll(latestTimestamp));
    this.#minIsr = new MinIsr(clock, (names) => link.once((client) => configOfTopics(client, names, 'min.insync.replicas')));
    this.#groups = new Cached(clock, () => this.#askGroups());
    this.#overview = new Cached(clock, () => this.#askOverview());
  }

  async overview(): Promise<ClusterOverview> {
    return (await this.#overview.get(pageMetadataAgeMs / 2)).value;
  }

  async listTopics(): Promise<readonly TopicSummary[]> {
    const metadata = await this.#options.link.metadata();
    const [known, minima] = await Promise.all([this.#figures(), optional(this.#minIsr.of(thinTopics(metadata)))]);
    const figures = { ...known, minIsrOf: (topic: string) => minima?.get(topic) ?? null };
    return [...metadata.topics.values()].map((topic) => toTopicSummary(topic, figures)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async describeTopic(name: string): Promise<TopicDetail> {
    const topic = (await this.#options.link.metadata(pageMetadataAgeMs / 4)).topics.get(name);
    if (topic === undefined) throw new ClusterError('UNKNOWN_TOPIC_OR_PARTITION', { kind: 'unknown-topic', params: { topic: name } });
    const ask = (timestamp: number) =>
      askOffsets(
        this.#options.link,
        topic.partitions.map(({ partition }) => ({ topic: name, partition, timestamp })),
      );
    const [starts, ends, disks, groups] = await Promise.all([
      ask(earliestTimestamp),
      ask(latestTimestamp),
      optional(this.#disks.get(disksAgeMs)),
      optional(this.groups()),
    ]);
    const figures = { starts, ends, disks, rateOf: this.#rateOf };
    const readers = (groups ?? []).filter((group) => group.offsets.some((offset) => offset.topic === name));
    return {
      name,
      topicId: topic.topicId,
      isInternal: topic.isInternal,
      partitions: topic.partitions.map((partition) => toPartitionDetail(topic, partition, figures)),
      groups: readers.map((group) => group.groupId).sort(),
    };
  }

  async groups(): Promise<readonly GroupDetail[]> {
    return (await this.#askedGroups()).value;
  }

  #askedGroups(): Promise<Asked<readonly GroupDetail[]>> {
    return this.#groups.asked(Math.min(slowestGroupsAgeMs, groupsAgeMs * Math.max(1, Math.ceil(this.groupCount / groupsAStep))));
  }

  /** As of the last look. */
  get groupCount(): number {
    return this.#groups.last?.length ?? 0;
  }

  /** Sizes on disk, where the cluster tells them. */
  disks(maxAgeMs = disksAgeMs): Promise<Disks | null> {
    return optional(this.#disks.get(maxAgeMs));
  }

  /** The group with what the looks so far say of how it reads. */
  judged(group: GroupDetail): GroupDetail {
    return { ...group, judgement: this.#lagWatch.judgement(group.groupId) };
  }

  groupTroubles(): GroupTroubles {
    const watch = this.#lagWatch;
    return { stopped: watch.judged('stopped'), stalled: watch.judged('stalled'), 'falling-behind': watch.judged('falling-behind') };
  }

  async topology(): Promise<TopologySnapshot> {
    const [overview, metadata, groups, ends] = await Promise.all([
      this.#overview.get(pageMetadataAgeMs / 2),
      this.#options.link.metadata(),
      optional(this.#askedGroups()),
      this.#endOffsets(),
    ]);
    const topics = [...metadata.topics.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return {
      overview: overview.value,
      topics: topics.map((topic) => ({
        name: topic.name,
        topicId: topic.topicId,
        isInternal: topic.isInternal,
        partitions: topic.partitions.map((partition) => toTopologyPartition(topic, partition, ends)),
      })),
      groups: groups?.value ?? [],
      producers: this.#options.extras?.producers() ?? null,
      writes: this.#options.extras?.writes() ?? null,
      sinceMs: Math.min(overview.sinceMs, metadata.askedMs, groups?.sinceMs ?? Infinity),
      atMs: this.#options.link.world.clock.nowMs(),
    };
  }

  /** Something was changed through this adapter: the next look shows it. */
  dropCaches(): void {
    const { link, sampler } = this.#options;
    link.dropMetadata();
    sampler.drop();
    for (const cached of [
      this.#registered,
      this.#quorum,
      this.#disks,
      this.#starts,
      this.#ends,
      this.#minIsr,
      this.#groups,
      this.#overview,
    ])
      cached.drop();
  }

  async #askOverview(): Promise<Asked<ClusterOverview>> {
    const { link, extras } = this.#options;
    const metadata = await link.metadata();
    for (const [id, node] of metadata.brokers) this.#remembered.set(id, node);
    const [registered, quorum, disks, underMinIsr, kafkaVersion] = await Promise.all([
      optional(this.#registered.asked(quorumAgeMs)),
      optional(this.#quorum.asked(quorumAgeMs)),
      optional(this.#disks.get(link.world.clock.nowMs() < this.#troubledUntilMs ? troubledDisksAgeMs : disksAgeMs)),
      optional(this.#countUnderMinIsr(metadata)),
      link.once(async (client) => releaseOf((await client.anyConnection()).abilities)),
    ]);
    const value = toOverview({
      metadata,
      registered: registered?.value ?? [],
      remembered: this.#remembered,
      quorum: quorum?.value ?? null,
      disks,
      underMinIsr,
      kafkaVersion,
      extras,
      atMs: link.world.clock.nowMs(),
    });
    if (value.brokers.some(({ storage }) => storage !== undefined)) this.#troubledUntilMs = value.atMs + troubledForMs;
    return { value, sinceMs: Math.min(metadata.askedMs, registered?.sinceMs ?? Infinity, quorum?.sinceMs ?? Infinity) };
  }

  async #figures(): Promise<Omit<TopicFigures, 'minIsrOf'>> {
    const [starts, ends, disks] = await Promise.all([
      optional(this.#starts.get(startsAgeMs)),
      this.#endOffsets(),
      optional(this.#disks.get(disksAgeMs)),
    ]);
    return { starts, ends, disks, rateOf: this.#rateOf };
  }

  /** The sampler has just looked, as a rule; before its first look, or after a change, they are asked. */
  #endOffsets(): Promise<OffsetTable | null> {
    return this.#options.sampler.endOffsets === null
      ? optional(this.#ends.get(pageMetadataAgeMs))
      : Promise.resolve(this.#options.sampler.endOffsets);
  }

  readonly #rateOf: TopicFigures['rateOf'] = (topicId, topic, partition) => this.#options.sampler.rateOf(topicId, topic, partition);

  async #askAll(timestamp: number): Promise<OffsetTable> {
    const metadata = await this.#options.link.metadata();
    return askOffsets(
      this.#options.link,
      allPartitions(metadata).map((one) => ({ ...one, timestamp })),
    );
  }

  async #askGroups(): Promise<readonly GroupDetail[]> {
    const groups = [...(await allGroups(this.#options.link))].sort((a, b) => (a.groupId < b.groupId ? -1 : 1));
    this.#lagWatch.take(this.#options.link.world.clock.nowMs(), groups);
    return groups.map((group) => this.judged(group));
  }

  /** Under their minimum, over all topics; null as soon as one of them doesn't tell its minimum. */
  async #countUnderMinIsr(metadata: ClusterMetadata): Promise<number | null> {
    const minima = await this.#minIsr.of(thinTopics(metadata));
    return sumOrNull([...metadata.topics.values()].map((topic) => countUnderMinIsr(topic, minima.get(topic.name) ?? null)));
  }
}

function thinTopics(metadata: ClusterMetadata): readonly string[] {
  return [...metadata.topics.values()].filter((topic) => topic.partitions.some(isUnderReplicated)).map((topic) => topic.name);
}

const firstVersionWithFenced = 2;

/** Brokers with those that are registered but fenced; empty where the cluster doesn't tell them apart. */
async function askRegistered(client: KafkaClient): Promise<readonly RegisteredBroker[]> {
  const connection = await client.anyConnection();
  if ((sharedVersion(describeClusterApi, connection.abilities) ?? 0) < firstVersionWithFenced) return [];
  const answer = await connection.send(describeClusterApi, { includeClusterAuthorizedOperations: false, includeFencedBrokers: true });
  return answer.errorCode === 0 ? answer.brokers : [];
}

/** A part of the picture that may be missing. Our own bugs are not such a part. */
async function optional<Value>(part: Promise<Value>): Promise<Value | null> {
  try {
    return await part;
  } catch (error) {
    if (isClusterError(error)) return null;
    throw error;
  }
}

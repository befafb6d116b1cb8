// The partitions of this broker behind one door: handlers and coordinators come in here. Which replicas there are is the
// matter of `hosted-partitions`; what a partition does lies in the files beside this one.

import { zeroTopicId } from '#engine/base/brand.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import {
  refusedProduce,
  type AppendOutcome,
  type AppendPermission,
  type DeletedRecords,
  type FetchCommand,
  type FetchOutcome,
  type FetchPartition,
  type LeadershipListener,
  type ListOffsetOutcome,
  type ListOffsetQuery,
  type LocalRead,
  type PartitionPort,
  type ProduceCommand,
  type ProduceOutcome,
  type ReplicaStatus,
  type TopicPartition,
  type EpochEndOutcome,
  type ActiveProducer,
} from '../partition-port.ts';
import { Purgatory } from '../purgatory.ts';
import type { HostedPartition } from './hosted-partition.ts';
import { HostedPartitions, type PartitionDriverOptions } from './hosted-partitions.ts';
import { appendBatch, mayAppend, readLocal } from './partition-append.ts';
import { fetchFrom } from './partition-fetch.ts';
import { epochEndOf, listOffsetOf } from './partition-offsets.ts';
import { produceTo } from './partition-produce.ts';
import { ReplicationThrottles } from './replication-throttles.ts';
import { activeProducersOf, deleteRecordsOf, type Deletion, replicaFactsOf } from './partition-admin.ts';

/** Fetches that may wait at a time, all clients together. */
const maxWaitingFetches = 20_000;

export class PartitionDriver implements PartitionPort {
  readonly #options: PartitionDriverOptions;
  readonly #hosted: HostedPartitions;
  readonly #fetches: Purgatory;
  readonly #throttles: ReplicationThrottles;

  constructor(options: PartitionDriverOptions) {
    const { world, config, metadata } = options;
    this.#options = options;
    this.#fetches = new Purgatory(world.timers, maxWaitingFetches);
    this.#throttles = new ReplicationThrottles({ config, metadata, clock: world.clock });
    this.#hosted = new HostedPartitions(options, { fetches: this.#fetches, throttles: this.#throttles });
  }

  /** Takes up what the metadata says now and follows it from here on. Logs that it knows nothing of are put aside. */
  begin(): void {
    this.#hosted.begin();
  }

  /** Gives up every role before the logs are closed: clients must not be told anything that won't be kept. */
  end(): void {
    this.#hosted.end();
  }

  /** Whether this broker leads partitions for others to copy, and not one of them is copied. */
  get isDeserted(): boolean {
    return this.#hosted.isDeserted;
  }

  /** How many replicas this broker holds. */
  get count(): number {
    return this.#hosted.count;
  }

  // -- for handlers ----------------------------------------------------------------------------------

  produce(command: ProduceCommand): ProduceOutcome | Promise<ProduceOutcome> {
    const { world, trace, metrics } = this.#options;
    const hosted = this.#find(command);
    const outcome =
      typeof hosted === 'number'
        ? refusedProduce(hosted)
        : produceTo(hosted, command, {
            world,
            trace,
            onRecordsIn: (records) => {
              metrics.counters.recordsIn += records;
              metrics.writers.add(command.client.clientId, records);
            },
          });
    if (!(outcome instanceof Promise) && outcome.errorCode !== errorCodes.NONE) {
      trace({
        kind: 'produce-refused',
        client: command.client,
        topic: command.topic,
        partition: command.partition,
        errorCode: outcome.errorCode,
      });
    }
    return outcome;
  }

  fetch(command: FetchCommand): readonly FetchOutcome[] | Promise<readonly FetchOutcome[]> {
    const { trace, metrics } = this.#options;
    const find = (asked: FetchPartition): HostedPartition | number => this.#findForFetch(asked);
    return fetchFrom(command, { find, fetches: this.#fetches, throttles: this.#throttles, trace, metrics });
  }

  listOffset(query: ListOffsetQuery): ListOffsetOutcome {
    const hosted = this.#find(query);
    return typeof hosted === 'number' ? { errorCode: hosted, offset: -1, timestampMs: -1, leaderEpoch: -1 } : listOffsetOf(hosted, query);
  }

  epochEnd(partition: TopicPartition, leaderEpoch: number, currentLeaderEpoch: number): EpochEndOutcome {
    const hosted = this.#find(partition);
    return typeof hosted === 'number'
      ? { errorCode: hosted, leaderEpoch: -1, endOffset: -1 }
      : epochEndOf(hosted, leaderEpoch, currentLeaderEpoch);
  }

  deleteRecords(partition: TopicPartition, deletion: Deletion): DeletedRecords | Promise<DeletedRecords> {
    const hosted = this.#find(partition);
    return typeof hosted === 'number' ? { errorCode: hosted, lowWatermark: -1 } : deleteRecordsOf(hosted, deletion);
  }

  activeProducers(partition: TopicPartition): { readonly errorCode: number; readonly producers: readonly ActiveProducer[] } {
    const hosted = this.#find(partition);
    return typeof hosted === 'number' ? { errorCode: hosted, producers: [] } : activeProducersOf(hosted);
  }

  replicas(): readonly ReplicaStatus[] {
    return Array.from(this.#hosted.all(), ({ topic, topicId, partition, log, role }) => ({
      topic,
      topicId,
      partition,
      sizeBytes: log.sizeBytes,
      logStartOffset: log.logStartOffset,
      logEndOffset: log.logEndOffset,
      highWatermark: log.highWatermark,
      isLeader: role.kind === 'leader',
    }));
  }

  readonly replicaFacts = (at: TopicPartition) => replicaFactsOf(this.#hosted.get(at));

  logDirectory(): { readonly path: string; readonly totalBytes: number; readonly usableBytes: number } {
    const { world, config } = this.#options;
    return { path: config.dataDirectory, ...world.files.space(config.dataDirectory) };
  }

  // -- for coordinators ------------------------------------------------------------------------------

  mayAppend(partition: TopicPartition, leaderEpoch: number): AppendPermission {
    const hosted = this.#find(partition);
    return typeof hosted === 'number' ? { kind: 'failed', errorCode: hosted } : mayAppend(hosted, leaderEpoch);
  }

  append(partition: TopicPartition, batch: Uint8Array, leaderEpoch: number): AppendOutcome {
    const hosted = this.#find(partition);
    return typeof hosted === 'number'
      ? { kind: 'failed', errorCode: hosted }
      : appendBatch(hosted, { batch, leaderEpoch }, this.#options.world);
  }

  readLocal(partition: TopicPartition, offset: number, maxBytes: number): LocalRead | undefined {
    const hosted = this.#hosted.get(partition);
    return hosted === undefined ? undefined : readLocal(hosted, offset, maxBytes);
  }

  leaderEpoch(partition: TopicPartition): number | undefined {
    return this.#hosted.get(partition)?.leader?.leaderEpoch;
  }

  onLeadership(topic: string, listener: LeadershipListener): void {
    this.#hosted.onLeadership(topic, listener);
  }

  // -- finding ---------------------------------------------------------------------------------------

  /** The partition, or why it isn't here: it exists elsewhere, or nowhere. */
  #find(at: TopicPartition): HostedPartition | number {
    const hosted = this.#hosted.get(at);
    if (hosted !== undefined) return hosted;
    const view = this.#options.metadata.topic(at.topic)?.partitions[at.partition];
    if (view === undefined) return errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
    // Ours by the metadata, but its log couldn't be opened.
    return view.leaderId === this.#options.config.nodeId ? errorCodes.KAFKA_STORAGE_ERROR : errorCodes.NOT_LEADER_OR_FOLLOWER;
  }

  #findForFetch(asked: FetchPartition): HostedPartition | number {
    if (asked.topicId === zeroTopicId) return this.#find(asked);
    // A session may have begun before this broker had heard of the topic: its id tells the name now.
    const topic = this.#options.metadata.topicById(asked.topicId);
    if (topic === undefined) return errorCodes.UNKNOWN_TOPIC_ID;
    const hosted = this.#find({ topic: topic.name, partition: asked.partition });
    return typeof hosted === 'number' || hosted.topicId === asked.topicId ? hosted : errorCodes.INCONSISTENT_TOPIC_ID;
  }
}

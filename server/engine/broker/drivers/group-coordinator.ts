// Which __consumer_offsets partition keeps a group, who leads it, and how questions get there. The topic is made when
// the first client looks for a coordinator. A group belongs to the partition that its id hashes to, exactly as in
// Kafka, because every broker and every tool computes it for itself.

import { assert } from '#engine/base/assert.ts';
import { GroupShard } from '#engine/coordinator/group/group-shard.ts';
import type { GroupAnswer, GroupAnswerOf, GroupInput, GroupQuestion, GroupRequest } from '#engine/coordinator/group/messages.ts';
import { fromRecordBytes, toRecordBytes } from '#engine/coordinator/group/record-codec.ts';
import type { GroupRecord } from '#engine/coordinator/group/records.ts';
import { refuse } from '#engine/coordinator/group/refusal.ts';
import type { GroupSettings } from '#engine/coordinator/group/settings.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { BrokerConfig } from '../config.ts';
import type { ControllerPort, CoordinatorLocation, GroupCoordinatorPort } from '../coordination-ports.ts';
import { endpointFor } from '../listener-endpoints.ts';
import type { MetadataDelta, MetadataView } from '../metadata-view.ts';
import { CoordinatorRuntime, type RuntimeSurroundings } from './coordinator-runtime.ts';

export const offsetsTopic = '__consumer_offsets';

export interface GroupCoordinatorOptions extends Omit<RuntimeSurroundings, 'commitTimeoutMs' | 'loadBufferBytes'> {
  readonly config: BrokerConfig;
  readonly metadata: MetadataView;
  readonly controller: ControllerPort;
}

export class GroupCoordinator implements GroupCoordinatorPort {
  readonly #options: GroupCoordinatorOptions;
  readonly #runtime: CoordinatorRuntime<GroupInput, GroupRecord, GroupAnswer>;
  /** While the topic is being made: all who look for a coordinator wait for the one creation. */
  #creation: Promise<void> | null = null;

  constructor(options: GroupCoordinatorOptions) {
    const settings = toGroupSettings(options.config);
    this.#options = options;
    this.#runtime = new CoordinatorRuntime<GroupInput, GroupRecord, GroupAnswer>(
      { topic: offsetsTopic, createShard: () => new GroupShard(settings), toBytes: toRecordBytes, fromBytes: fromRecordBytes, refuse },
      {
        ...options,
        commitTimeoutMs: options.config.get('offsets.commit.timeout.ms'),
        loadBufferBytes: options.config.get('offsets.load.buffer.size'),
      },
    );
  }

  /** Call once the partitions driver can tell who leads what. */
  start(): void {
    this.#runtime.start();
    this.#options.metadata.onDelta((delta) => {
      this.#forgetDeletedTopics(delta);
    });
  }

  async locate(groupId: string, listenerName: string): Promise<CoordinatorLocation> {
    if (this.#options.metadata.topic(offsetsTopic) === undefined) await this.#createTopic();
    const topic = this.#options.metadata.topic(offsetsTopic);
    if (topic === undefined) return nowhere('the topic of the coordinators is being made');
    const leaderId = topic.partitions[partitionForKey(groupId, topic.partitions.length)]?.leaderId ?? -1;
    const leader = this.#options.metadata.aliveBrokers().find(({ brokerId }) => brokerId === leaderId);
    const endpoint = leader === undefined ? undefined : endpointFor(leader, listenerName);
    if (endpoint === undefined) return nowhere(`the partition of the group "${groupId}" has no leader on listener ${listenerName}`);
    return { errorCode: errorCodes.NONE, errorMessage: null, nodeId: leaderId, host: endpoint.host, port: endpoint.port };
  }

  async ask<Question extends GroupQuestion>(question: Question): Promise<GroupAnswerOf<Question['kind']>> {
    assert(question.kind !== 'list-groups', 'groups are listed over all partitions');
    const partitionCount = this.#options.metadata.topic(offsetsTopic)?.partitions.length ?? 0;
    const partition = partitionCount === 0 ? -1 : partitionForKey(question.groupId, partitionCount);
    return this.#askPartition(partition, question);
  }

  async list(filter: { readonly states: readonly string[]; readonly types: readonly string[] }): Promise<GroupAnswerOf<'list-groups'>> {
    const answers = await Promise.all(
      this.#runtime.ledPartitions().map((partition) => this.#askPartition(partition, { kind: 'list-groups', ...filter })),
    );
    // A partition that was resigned meanwhile is another broker's to list.
    const failed = answers.find(({ errorCode }) => errorCode !== errorCodes.NONE && errorCode !== errorCodes.NOT_COORDINATOR);
    if (failed !== undefined) return { ...failed, groups: [] };
    return { kind: 'list-groups', errorCode: errorCodes.NONE, groups: answers.flatMap(({ groups }) => groups) };
  }

  async #askPartition<Question extends GroupQuestion>(partition: number, question: Question): Promise<GroupAnswerOf<Question['kind']>> {
    const answer = await this.#runtime.ask(partition, (token) => withToken(question, token));
    assert(answer.kind === question.kind, 'an answer is of the kind of its question');
    return answer as GroupAnswerOf<Question['kind']>;
  }

  #createTopic(): Promise<void> {
    const { config, controller, log } = this.#options;
    this.#creation ??= controller
      .createTopics([
        {
          name: offsetsTopic,
          partitionCount: config.get('offsets.topic.num.partitions'),
          replicationFactor: config.get('offsets.topic.replication.factor'),
          configs: new Map([
            ['cleanup.policy', 'compact'],
            ['compression.type', 'producer'],
            ['segment.bytes', String(config.get('offsets.topic.segment.bytes'))],
          ]),
        },
      ])
      .then((created) => {
        const { errorCode, errorMessage } = created[0] ?? { errorCode: errorCodes.NONE, errorMessage: null };
        const isThere = errorCode === errorCodes.NONE || errorCode === errorCodes.TOPIC_ALREADY_EXISTS;
        if (!isThere) log.warn('coordinator-topic-not-created', { topic: offsetsTopic, errorCode, errorMessage });
      })
      .finally(() => {
        this.#creation = null;
      });
    return this.#creation;
  }

  #forgetDeletedTopics(delta: MetadataDelta): void {
    if (delta.deletedTopics.length === 0) return;
    this.#runtime.broadcast({ kind: 'topics-deleted', topics: new Map(delta.deletedTopics.map(({ name, topicId }) => [name, topicId])) });
  }
}

/** Java's String.hashCode, made positive as Kafka's Utils.abs does, modulo the partitions. */
export function partitionForKey(key: string, partitionCount: number): number {
  let hash = 0;
  for (let index = 0; index < key.length; index += 1) hash = (Math.imul(31, hash) + key.charCodeAt(index)) | 0;
  return (hash === -0x8000_0000 ? 0 : Math.abs(hash)) % partitionCount;
}

function withToken(question: GroupQuestion, token: number): GroupRequest {
  return { ...question, token };
}

function nowhere(errorMessage: string): CoordinatorLocation {
  return { errorCode: errorCodes.COORDINATOR_NOT_AVAILABLE, errorMessage, nodeId: -1, host: '', port: -1 };
}

export function toGroupSettings(config: BrokerConfig): GroupSettings {
  return {
    initialRebalanceDelayMs: config.get('group.initial.rebalance.delay.ms'),
    minSessionTimeoutMs: config.get('group.min.session.timeout.ms'),
    maxSessionTimeoutMs: config.get('group.max.session.timeout.ms'),
    maxGroupSize: config.get('group.max.size'),
    maxMetadataLength: config.get('offset.metadata.max.bytes'),
    offsetsRetentionMs: config.get('offsets.retention.minutes') * 60_000,
    retentionCheckIntervalMs: config.get('offsets.retention.check.interval.ms'),
  };
}

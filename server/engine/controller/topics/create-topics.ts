// CreateTopics (key 19). Each topic stands or falls by itself; a topic that falls leaves no record behind.

import { zeroTopicId, type TopicId } from '#engine/base/brand.ts';
import type { CreateTopicsRequest, CreateTopicsResponse } from '#engine/protocol/apis/19-create-topics.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { refuseTopicConfigs } from '../configs/alter-configs.ts';
import { isSensitive } from '../configs/config-row.ts';
import { effectiveConfigs } from '../configs/effective-config.ts';
import { refuse, type ControllerView, type Decision, type Refusal } from '../decision.ts';
import { resourceKey } from '../image/cluster-image.ts';
import { ReplicaBound } from '../partitions/replica-bound.ts';
import { configResourceTypes, type MetadataRecord } from '../records.ts';
import { assignAutomatically, refuseReplicas, toNewPartition } from './assignment.ts';
import { collisionKey, hasCollisionChars, refuseTopicName } from './topic-name.ts';

type CreatableTopic = CreateTopicsRequest['topics'][number];
type TopicResult = CreateTopicsResponse['topics'][number];

/** One request may add at most this many partitions, as in Kafka. */
export const maxPartitionsPerRequest = 10_000;

/** What one request has taken so far: names, partitions, and replicas of each broker. */
interface Tally {
  readonly taken: Set<string>;
  readonly bound: ReplicaBound;
  partitionsLeft: number;
}

export function decideCreateTopics(
  view: ControllerView,
  request: Pick<CreateTopicsRequest, 'topics' | 'validateOnly'>,
): Decision<readonly TopicResult[]> {
  const records: MetadataRecord[] = [];
  const tally: Tally = { taken: takenNames(view, request.topics), bound: new ReplicaBound(view), partitionsLeft: maxPartitionsPerRequest };
  const answered = new Set<string>();
  const answer: TopicResult[] = [];
  for (const topic of request.topics) {
    if (answered.has(topic.name)) continue;
    answered.add(topic.name);
    const isRepeated = request.topics.filter((other) => other.name === topic.name).length > 1;
    const outcome = isRepeated ? refuse(errorCodes.INVALID_REQUEST, 'Duplicate topic name.') : createTopic(view, topic, tally);
    if ('errorCode' in outcome) answer.push(failed(topic, outcome));
    else {
      answer.push(created(view, topic, { ...outcome, isValidateOnly: request.validateOnly }));
      records.push(...outcome.records);
    }
  }
  return { records: request.validateOnly ? [] : records, answer };
}

/** Collision keys of all topics, gathered only when somebody asks for a name that could collide. */
function takenNames(view: ControllerView, wanted: readonly CreatableTopic[]): Set<string> {
  if (!wanted.some((topic) => hasCollisionChars(topic.name))) return new Set();
  return new Set([...view.image.topics.keys()].filter(hasCollisionChars).map(collisionKey));
}

interface NewTopic {
  readonly topicId: TopicId;
  readonly replicas: readonly (readonly number[])[];
  readonly records: readonly MetadataRecord[];
}

function createTopic(view: ControllerView, topic: CreatableTopic, tally: Tally): NewTopic | Refusal {
  const refusal = refuseTopicName(topic.name) ?? refuseExisting(view, topic.name, tally) ?? refuseTopicConfigs(topic.configs);
  if (refusal !== null) return refusal;
  const replicas = topic.assignments.length > 0 ? manualReplicas(view, topic) : automaticReplicas(view, topic, tally.bound);
  if ('errorCode' in replicas) return replicas;
  if (replicas.length > tally.partitionsLeft) {
    return refuse(
      errorCodes.POLICY_VIOLATION,
      `Excessively large number of partitions per request: at most ${maxPartitionsPerRequest} may be created at once.`,
    );
  }
  const overfull = tally.bound.grant(replicas.flat());
  if (overfull !== null) return overfull;
  tally.partitionsLeft -= replicas.length;
  if (hasCollisionChars(topic.name)) tally.taken.add(collisionKey(topic.name));
  const topicId = view.newTopicId();
  return { topicId, replicas, records: topicRecords(view, topic, { topicId, replicas }) };
}

function topicRecords(
  view: ControllerView,
  topic: CreatableTopic,
  made: { readonly topicId: TopicId; readonly replicas: readonly (readonly number[])[] },
): readonly MetadataRecord[] {
  return [
    { type: 'Topic', name: topic.name, topicId: made.topicId },
    ...topic.configs.map(({ name, value }): MetadataRecord => ({
      type: 'Config',
      resourceType: configResourceTypes.topic,
      resourceName: topic.name,
      name,
      value,
    })),
    ...made.replicas.map((replicas, partitionId) => toNewPartition(view, { topicId: made.topicId, partitionId, replicas })),
  ];
}

function refuseExisting(view: ControllerView, name: string, tally: Tally): Refusal | null {
  if (view.image.topics.has(name)) return refuse(errorCodes.TOPIC_ALREADY_EXISTS, `Topic '${name}' already exists.`);
  if (!hasCollisionChars(name) || !tally.taken.has(collisionKey(name))) return null;
  const other =
    [...view.image.topics.keys()].find((topic) => collisionKey(topic) === collisionKey(name)) ?? 'another topic of this request';
  return refuse(errorCodes.INVALID_TOPIC_EXCEPTION, `Topic '${name}' collides with existing topic: ${other}`);
}

function automaticReplicas(view: ControllerView, topic: CreatableTopic, bound: ReplicaBound): readonly (readonly number[])[] | Refusal {
  const { numPartitions, replicationFactor } = topic;
  if (numPartitions === 0 || numPartitions < -1)
    return refuse(errorCodes.INVALID_PARTITIONS, 'Number of partitions was set to an invalid non-positive value.');
  if (replicationFactor === 0 || replicationFactor < -1)
    return refuse(errorCodes.INVALID_REPLICATION_FACTOR, 'Replication factor was set to an invalid non-positive value.');
  const partitionCount = numPartitions === -1 ? view.settings.defaultPartitions : numPartitions;
  // Checked before the placement too, so that an absurd count costs nothing.
  if (partitionCount > maxPartitionsPerRequest)
    return refuse(
      errorCodes.POLICY_VIOLATION,
      `Excessively large number of partitions per request: at most ${maxPartitionsPerRequest} may be created at once.`,
    );
  const factor = replicationFactor === -1 ? view.settings.defaultReplicationFactor : replicationFactor;
  return assignAutomatically(view, { partitionCount, firstPartition: 0, replicationFactor: factor }, bound);
}

function manualReplicas(view: ControllerView, topic: CreatableTopic): readonly (readonly number[])[] | Refusal {
  if (topic.replicationFactor !== -1)
    return refuse(errorCodes.INVALID_REQUEST, 'A manual partition assignment was specified, but replication factor was not set to -1.');
  if (topic.numPartitions !== -1)
    return refuse(errorCodes.INVALID_REQUEST, 'A manual partition assignment was specified, but numPartitions was not set to -1.');
  const byPartition = new Map(topic.assignments.map(({ partitionIndex, brokerIds }) => [partitionIndex, brokerIds]));
  if (byPartition.size < topic.assignments.length)
    return refuse(errorCodes.INVALID_REPLICA_ASSIGNMENT, 'Found multiple manual partition assignments for one partition.');
  const ordered: (readonly number[])[] = [];
  for (let partition = 0; partition < byPartition.size; partition++) {
    const replicas = byPartition.get(partition);
    if (replicas === undefined)
      return refuse(errorCodes.INVALID_REPLICA_ASSIGNMENT, 'partitions should be a consecutive 0-based integer sequence');
    const refusal = refuseReplicas(view, replicas, ordered[0]?.length ?? replicas.length);
    if (refusal !== null) return refusal;
    ordered.push(replicas);
  }
  return ordered;
}

function failed(topic: CreatableTopic, refusal: Refusal): TopicResult {
  return {
    name: topic.name,
    topicId: zeroTopicId,
    ...refusal,
    topicConfigErrorCode: 0,
    numPartitions: -1,
    replicationFactor: -1,
    configs: null,
  };
}

function created(
  view: ControllerView,
  topic: CreatableTopic,
  made: { readonly topicId: TopicId; readonly replicas: readonly (readonly number[])[]; readonly isValidateOnly: boolean },
): TopicResult {
  return {
    name: topic.name,
    topicId: made.isValidateOnly ? zeroTopicId : made.topicId,
    errorCode: 0,
    errorMessage: null,
    topicConfigErrorCode: 0,
    numPartitions: made.replicas.length,
    replicationFactor: made.replicas[0]?.length ?? -1,
    configs: resultingConfigs(view, topic),
  };
}

/** From version 5 on a client learns at once which configs its topic ended up with. */
function resultingConfigs(view: ControllerView, topic: CreatableTopic): TopicResult['configs'] {
  const own = new Map(topic.configs.flatMap(({ name, value }) => (value === null ? [] : [[name, value] as const])));
  const resource = { resourceType: configResourceTypes.topic, name: topic.name };
  const configs = new Map([...view.image.configs, [resourceKey(resource.resourceType, topic.name), own]]);
  return effectiveConfigs({ image: { configs }, brokerId: null, staticConfigs: view.settings.staticConfigs }, resource).map(
    ({ config, value, source }) => ({ name: config.name, value, readOnly: false, configSource: source, isSensitive: isSensitive(config) }),
  );
}

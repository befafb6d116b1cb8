// Metadata: who is there and who leads what. Asking for a topic that doesn't exist creates it, when client (v4+) and broker allow:
// the answer is still UNKNOWN_TOPIC_OR_PARTITION, as in Kafka, and the client asks again.
// v0 means all topics by an empty list, v1+ by null; v12+ may ask by topic id. The controller told to clients is a random
// live broker, as in Kafka: every broker passes admin requests on.

import { zeroTopicId } from '#engine/base/brand.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { metadataApi, type MetadataRequest } from '#engine/protocol/apis/03-metadata.ts';
import type { ResponseInput } from '#engine/protocol/schema.ts';
import { allClusterOperations, allTopicOperations, operationsNotAsked } from '../authorized-operations.ts';
import { defineHandler, type BrokerContext, type RequestContext } from '../context.ts';
import { toClientPartition } from '../client-view.ts';
import { endpointFor } from '../listener-endpoints.ts';
import type { TopicView } from '../metadata-view.ts';

type Response = ResponseInput<typeof metadataApi>;
type ResponseTopic = Response['topics'][number];
type AskedTopic = NonNullable<MetadataRequest['topics']>[number];

const firstVersionByTopicId = 12;
/** Before, a leader without the client's listener is not available, as in Kafka. */
const firstVersionOfMissingListeners = 6;

export const metadataHandler = defineHandler(metadataApi, (request, from, broker) => {
  const alive = broker.metadata.aliveBrokers();
  return {
    brokers: alive.flatMap((one) => {
      const endpoint = endpointFor(one, from.listenerName);
      return endpoint === undefined ? [] : [{ nodeId: one.brokerId, host: endpoint.host, port: endpoint.port, rack: one.rack }];
    }),
    clusterId: broker.metadata.clusterId,
    controllerId: alive.length === 0 ? -1 : (alive[broker.world.random.nextInt(alive.length)]?.brokerId ?? -1),
    topics: toTopics(request, from, broker),
    clusterAuthorizedOperations: request.includeClusterAuthorizedOperations ? allClusterOperations : operationsNotAsked,
  };
});

function toTopics(request: MetadataRequest, from: RequestContext, broker: BrokerContext): ResponseTopic[] {
  const operations = request.includeTopicAuthorizedOperations ? allTopicOperations : operationsNotAsked;
  const wantsAll = request.topics === null || (from.apiVersion === 0 && request.topics.length === 0);
  if (wantsAll) return Array.from(broker.metadata.topics(), (topic) => known(topic, { operations, from, broker }));
  const asked = request.topics ?? [];
  const answers = asked.map((topic) => answerTopic(topic, { operations, from, broker }));
  if (request.allowAutoTopicCreation) autoCreate(answers, broker);
  return answers;
}

interface Answering {
  readonly operations: number;
  readonly from: RequestContext;
  readonly broker: BrokerContext;
}

function answerTopic({ topicId, name }: AskedTopic, { operations, from, broker }: Answering): ResponseTopic {
  const isById = name === null || topicId !== zeroTopicId;
  if (isById && from.apiVersion < firstVersionByTopicId) return failed(name ?? '', topicId, errorCodes.INVALID_REQUEST);
  const found = isById ? broker.metadata.topicById(topicId) : broker.metadata.topic(name);
  if (found !== undefined) return known(found, { operations, from, broker });
  if (isById) return failed(null, topicId, errorCodes.UNKNOWN_TOPIC_ID);
  return failed(name, zeroTopicId, errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
}

function known(topic: TopicView, { operations, from, broker }: Answering): ResponseTopic {
  const viewer = { listenerName: from.listenerName, knowsMissingListeners: from.apiVersion >= firstVersionOfMissingListeners };
  return {
    errorCode: errorCodes.NONE,
    name: topic.name,
    topicId: topic.topicId,
    isInternal: topic.isInternal,
    partitions: topic.partitions.map((partition) => toClientPartition(partition, broker.metadata, viewer)),
    topicAuthorizedOperations: operations,
  };
}

function failed(name: string | null, topicId: ResponseTopic['topicId'], errorCode: number): ResponseTopic {
  return { errorCode, name, topicId, partitions: [] };
}

/** Has unknown topics created; a name that can't be one is answered so instead. */
function autoCreate(answers: ResponseTopic[], broker: BrokerContext): void {
  if (!broker.config.get('auto.create.topics.enable')) return;
  for (const [index, answer] of answers.entries()) {
    if (answer.errorCode !== errorCodes.UNKNOWN_TOPIC_OR_PARTITION || answer.name === null) continue;
    const isRefused = !broker.autoCreate(answer.name);
    if (isRefused) answers[index] = { ...answer, errorCode: errorCodes.INVALID_TOPIC_EXCEPTION };
  }
}

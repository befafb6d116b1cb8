// Produce: one record batch a partition, appended by the partition's leader.
// acks=0 has no answer at all: a failure can only be told by closing the connection, so that the client looks up the
// metadata again. From v10 a wrong leader is answered with the right one (KIP-951); from v13 topics go by id.

import { errorCodes, errorName } from '#engine/protocol/error-codes.ts';
import { produceApi, type ProduceRequest } from '#engine/protocol/apis/00-produce.ts';
import type { ResponseInput } from '#engine/protocol/schema.ts';
import { CloseConnection, defineHandler, noResponse, type Answer, type BrokerContext, type RequestContext } from '../context.ts';
import { currentLeaderOf, endpointsOfLeaders } from '../leader-hints.ts';
import { refusedProduce, type ProduceOutcome } from '../partition-port.ts';

type Response = ResponseInput<typeof produceApi>;
type TopicData = ProduceRequest['topicData'][number];
type PartitionData = TopicData['partitionData'][number];

/** One partition of the request, with its place in the answer. It outlives the request's bytes. */
interface Item {
  readonly topicIndex: number;
  readonly topic: string;
  readonly partition: number;
}

const firstVersionWithTopicIds = 13;
const firstVersionWithLeaderHints = 10;

/** One produce behind its appends: what its answer is made of. None of the records is held. */
interface Produced {
  readonly acks: number;
  readonly topics: readonly Pick<TopicData, 'name' | 'topicId'>[];
  readonly items: readonly Item[];
  readonly from: RequestContext;
  readonly broker: BrokerContext;
}

type Known<Value> = Value | Promise<Value>;

export const produceHandler = defineHandler(produceApi, (request, from, broker) => {
  const items: Item[] = [];
  const outcomes: Known<ProduceOutcome>[] = [];
  for (const [topicIndex, topicData] of request.topicData.entries()) {
    const topic = topicNameOf(topicData, from, broker);
    for (const data of topicData.partitionData) {
      items.push({ topicIndex, topic, partition: data.index });
      outcomes.push(produceOne({ topic, data, request }, from, broker));
    }
  }
  // All is in the log, or refused: followers may be slow, and the records' memory doesn't wait for them.
  from.releaseRequest();
  const topics = request.topicData.map(({ name, topicId }) => ({ name, topicId }));
  return acknowledge({ acks: request.acks, topics, items, from, broker }, outcomes);
});

// A function of its own, so that what waits for followers can't hold on to the request.
function acknowledge(produced: Produced, outcomes: readonly Known<ProduceOutcome>[]): Known<Answer<Response>> {
  // Promise.all costs a turn: answers that are known now leave now.
  if (areKnown(outcomes)) return finish(produced, outcomes);
  return Promise.all(outcomes.map((outcome) => Promise.resolve(outcome))).then((settled) => finish(produced, settled));
}

function areKnown(outcomes: readonly Known<ProduceOutcome>[]): outcomes is readonly ProduceOutcome[] {
  return outcomes.every((outcome) => !(outcome instanceof Promise));
}

function finish(produced: Produced, outcomes: readonly ProduceOutcome[]): Answer<Response> {
  traceAcks(produced, outcomes);
  return produced.acks === 0 ? answerSilently(produced.items, outcomes) : toResponse(produced, outcomes);
}

function topicNameOf({ name, topicId }: TopicData, from: RequestContext, broker: BrokerContext): string {
  return from.apiVersion >= firstVersionWithTopicIds ? (broker.metadata.topicById(topicId)?.name ?? '') : name;
}

function produceOne(
  { topic, data, request }: { readonly topic: string; readonly data: PartitionData; readonly request: ProduceRequest },
  from: RequestContext,
  broker: BrokerContext,
): Known<ProduceOutcome> {
  const { acks, timeoutMs, transactionalId } = request;
  if (acks !== -1 && acks !== 0 && acks !== 1) return refusedProduce(errorCodes.INVALID_REQUIRED_ACKS);
  if (topic === '') return refusedProduce(errorCodes.UNKNOWN_TOPIC_ID);
  const { index: partition, records } = data;
  const { apiVersion, client } = from;
  return broker.partitions.produce({ topic, partition, records, acks, timeoutMs, apiVersion, transactionalId, client });
}

/** The acknowledgement leaves with this answer. */
function traceAcks({ items, from, broker }: Produced, outcomes: readonly ProduceOutcome[]): void {
  const latencyUs = broker.world.clock.monotonicUs() - from.receivedAtUs;
  for (const [index, { errorCode, baseOffset, recordCount }] of outcomes.entries()) {
    const item = items[index];
    if (item === undefined || errorCode !== errorCodes.NONE) continue;
    broker.trace({ kind: 'acked', client: from.client, topic: item.topic, partition: item.partition, baseOffset, recordCount, latencyUs });
  }
}

function answerSilently(items: readonly Item[], outcomes: readonly ProduceOutcome[]): typeof noResponse | CloseConnection {
  const failedAt = outcomes.findIndex((outcome) => outcome.errorCode !== errorCodes.NONE);
  const failed = outcomes[failedAt];
  if (failed === undefined) return noResponse;
  const item = items[failedAt];
  return new CloseConnection(`produce with acks=0 to ${item?.topic}-${item?.partition} failed: ${errorName(failed.errorCode)}`);
}

function toResponse({ topics, items, from, broker }: Produced, outcomes: readonly ProduceOutcome[]): Response {
  const responses = topics.map(({ name, topicId }) => ({ name, topicId, partitionResponses: [] as PartitionResponse[] }));
  const wrongLeaders: { readonly topic: string; readonly partition: number }[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    const item = items[index] as Item;
    const isWrongLeader = outcome.errorCode === errorCodes.NOT_LEADER_OR_FOLLOWER && from.apiVersion >= firstVersionWithLeaderHints;
    if (isWrongLeader) wrongLeaders.push({ topic: item.topic, partition: item.partition });
    responses[item.topicIndex]?.partitionResponses.push(toPartitionResponse(item, outcome, isWrongLeader ? broker : undefined));
  }
  if (wrongLeaders.length === 0) return { responses };
  return { responses, nodeEndpoints: endpointsOfLeaders(broker, from.listenerName, wrongLeaders) };
}

type PartitionResponse = Response['responses'][number]['partitionResponses'][number];

function toPartitionResponse(item: Item, outcome: ProduceOutcome, hints: BrokerContext | undefined): PartitionResponse {
  const { errorCode, errorMessage, baseOffset, logAppendTimeMs, logStartOffset, recordErrors } = outcome;
  return {
    index: item.partition,
    errorCode,
    errorMessage,
    baseOffset,
    logAppendTimeMs,
    logStartOffset,
    recordErrors,
    ...(hints === undefined ? {} : { currentLeader: currentLeaderOf(hints, item.topic, item.partition) }),
  };
}

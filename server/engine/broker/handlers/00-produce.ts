// Produce: one record batch a partition, appended by the partition's leader.
// acks=0 has no answer at all: a failure can only be told by closing the connection, so that the client looks up the
// metadata again. From v10 a wrong leader is answered with the right one (KIP-951); from v13 topics go by id.

import { errorCodes, errorName } from '#engine/protocol/error-codes.ts';
import { produceApi, type ProduceRequest } from '#engine/protocol/apis/00-produce.ts';
import type { ResponseInput } from '#engine/protocol/schema.ts';
import { CloseConnection, defineHandler, noResponse, type BrokerContext, type RequestContext } from '../context.ts';
import { currentLeaderOf, endpointsOfLeaders } from '../leader-hints.ts';
import { refusedProduce, type ProduceOutcome } from '../partition-port.ts';

type Response = ResponseInput<typeof produceApi>;
type TopicData = ProduceRequest['topicData'][number];
type PartitionData = TopicData['partitionData'][number];

/** One partition of the request, with its place in the answer. */
interface Item {
  readonly topicIndex: number;
  readonly topic: string;
  readonly data: PartitionData;
}

const firstVersionWithTopicIds = 13;
const firstVersionWithLeaderHints = 10;

/** One produce on its way: what was asked, by whom, of which broker. */
interface Producing {
  readonly request: ProduceRequest;
  readonly items: readonly Item[];
  readonly from: RequestContext;
  readonly broker: BrokerContext;
}

export const produceHandler = defineHandler(produceApi, (request, from, broker) => {
  const producing: Producing = { request, items: toItems(request, from, broker), from, broker };
  const outcomes = producing.items.map((item) => produceOne(item, producing));
  // Promise.all costs a turn: answers that are known now leave now.
  if (areKnown(outcomes)) return finish(producing, outcomes);
  return Promise.all(outcomes.map((outcome) => Promise.resolve(outcome))).then((settled) => finish(producing, settled));
});

function areKnown(outcomes: readonly (ProduceOutcome | Promise<ProduceOutcome>)[]): outcomes is readonly ProduceOutcome[] {
  return outcomes.every((outcome) => !(outcome instanceof Promise));
}

function finish(producing: Producing, outcomes: readonly ProduceOutcome[]): Response | typeof noResponse | CloseConnection {
  traceAcks(producing, outcomes);
  // The batches are in the log, or refused; the answer holds none of them.
  producing.from.releaseRequest();
  return producing.request.acks === 0 ? answerSilently(producing.items, outcomes) : toResponse(producing, outcomes);
}

function toItems(request: ProduceRequest, from: RequestContext, broker: BrokerContext): readonly Item[] {
  const usesIds = from.apiVersion >= firstVersionWithTopicIds;
  return request.topicData.flatMap((topicData, topicIndex) => {
    const topic = usesIds ? (broker.metadata.topicById(topicData.topicId)?.name ?? '') : topicData.name;
    return topicData.partitionData.map((data) => ({ topicIndex, topic, data }));
  });
}

function produceOne(item: Item, { request, from, broker }: Producing): ProduceOutcome | Promise<ProduceOutcome> {
  const { acks } = request;
  if (acks !== -1 && acks !== 0 && acks !== 1) return refusedProduce(errorCodes.INVALID_REQUIRED_ACKS);
  if (item.topic === '') return refusedProduce(errorCodes.UNKNOWN_TOPIC_ID);
  return broker.partitions.produce({
    topic: item.topic,
    partition: item.data.index,
    records: item.data.records,
    acks,
    timeoutMs: request.timeoutMs,
    apiVersion: from.apiVersion,
    transactionalId: request.transactionalId,
    client: from.client,
  });
}

/** The acknowledgement leaves with this answer. */
function traceAcks({ items, from, broker }: Producing, outcomes: readonly ProduceOutcome[]): void {
  const latencyUs = broker.world.clock.monotonicUs() - from.receivedAtUs;
  for (const [index, { errorCode, baseOffset, recordCount }] of outcomes.entries()) {
    const item = items[index];
    if (item === undefined || errorCode !== errorCodes.NONE) continue;
    broker.trace({ kind: 'acked', client: from.client, topic: item.topic, partition: item.data.index, baseOffset, recordCount, latencyUs });
  }
}

function answerSilently(items: readonly Item[], outcomes: readonly ProduceOutcome[]): typeof noResponse | CloseConnection {
  const failedAt = outcomes.findIndex((outcome) => outcome.errorCode !== errorCodes.NONE);
  const failed = outcomes[failedAt];
  if (failed === undefined) return noResponse;
  const item = items[failedAt];
  return new CloseConnection(`produce with acks=0 to ${item?.topic}-${item?.data.index} failed: ${errorName(failed.errorCode)}`);
}

function toResponse({ request, items, from, broker }: Producing, outcomes: readonly ProduceOutcome[]): Response {
  const responses = request.topicData.map(({ name, topicId }) => ({ name, topicId, partitionResponses: [] as PartitionResponse[] }));
  const wrongLeaders: { readonly topic: string; readonly partition: number }[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    const item = items[index] as Item;
    const isWrongLeader = outcome.errorCode === errorCodes.NOT_LEADER_OR_FOLLOWER && from.apiVersion >= firstVersionWithLeaderHints;
    if (isWrongLeader) wrongLeaders.push({ topic: item.topic, partition: item.data.index });
    responses[item.topicIndex]?.partitionResponses.push(toPartitionResponse(item, outcome, isWrongLeader ? broker : undefined));
  }
  if (wrongLeaders.length === 0) return { responses };
  return { responses, nodeEndpoints: endpointsOfLeaders(broker, from.listenerName, wrongLeaders) };
}

type PartitionResponse = Response['responses'][number]['partitionResponses'][number];

function toPartitionResponse(item: Item, outcome: ProduceOutcome, hints: BrokerContext | undefined): PartitionResponse {
  const { errorCode, errorMessage, baseOffset, logAppendTimeMs, logStartOffset, recordErrors } = outcome;
  return {
    index: item.data.index,
    errorCode,
    errorMessage,
    baseOffset,
    logAppendTimeMs,
    logStartOffset,
    recordErrors,
    ...(hints === undefined ? {} : { currentLeader: currentLeaderOf(hints, item.topic, item.data.index) }),
  };
}

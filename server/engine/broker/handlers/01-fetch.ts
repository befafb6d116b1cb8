// Fetch for consumers and followers: whole batches from the log, waiting for more when there is too little.
// Sessions (KIP-227, v7+) say which partitions a request stands for and which the answer may leave out; from v13 topics go by
// id, from v15 a follower's id stands in a tag. The metadata log is fetched on the controller's listener, by another handler.

import { zeroTopicId } from '#engine/base/brand.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { fetchApi, type FetchRequest } from '#engine/protocol/apis/01-fetch.ts';
import type { ResponseInput } from '#engine/protocol/schema.ts';
import { defineHandler, type BrokerContext, type RequestContext } from '../context.ts';
import type { BufferPool } from '#engine/bytes/buffer-pool.ts';
import { currentLeaderOf, endpointsOfLeaders } from '../leader-hints.ts';
import type { FetchMemory, FetchOutcome, FetchPartition } from '../partition-port.ts';

type Response = ResponseInput<typeof fetchApi>;
type ResponseTopic = Response['responses'][number];

const firstVersionWithRacks = 11;
const firstVersionWithTopicIds = 13;
const firstVersionWithLeaderHints = 16;
const readCommitted = 1;

export const fetchHandler = defineHandler(
  fetchApi,
  (request, from, broker) => {
    const usesTopicIds = from.apiVersion >= firstVersionWithTopicIds;
    const replicaId = request.replicaState.replicaId >= 0 ? request.replicaState.replicaId : request.replicaId;
    const context = broker.fetchSessions.begin(
      {
        sessionId: request.sessionId,
        sessionEpoch: request.sessionEpoch,
        usesTopicIds,
        isFollower: replicaId >= 0,
        partitions: toFetchPartitions(request, usesTopicIds, broker),
        forgotten: request.forgottenTopicsData.flatMap(({ topic, topicId, partitions }) =>
          partitions.map((partition) => ({ topic, topicId, partition })),
        ),
      },
      nowMs(broker),
    );
    const finish = (outcomes: readonly FetchOutcome[]): Response => {
      const { errorCode, sessionId, answers } = broker.fetchSessions.finish(context, outcomes, nowMs(broker));
      return { errorCode, sessionId, ...toResponses(answers, from, broker) };
    };
    if (context.kind === 'refused') return finish([]);
    const incremental = context.kind === 'incremental' ? context : undefined;
    // Answers come in the order of the requests: one that waits would hold this one up.
    incremental?.session.hurry?.();
    const memory = borrowFrom(broker.buffers);
    const outcomes = broker.partitions.fetch({
      partitions: context.partitions,
      session: incremental,
      maxWaitMs: request.maxWaitMs,
      minBytes: request.minBytes,
      // Followers have limits of their own; what a consumer may ask for is the broker's to bound.
      maxBytes: replicaId >= 0 ? request.maxBytes : Math.min(request.maxBytes, broker.config.get('fetch.max.bytes')),
      isReadCommitted: request.isolationLevel === readCommitted,
      replicaId,
      replicaEpoch: request.replicaState.replicaEpoch,
      clientRack: from.apiVersion >= firstVersionWithRacks ? request.rackId : null,
      client: from.client,
      onDisconnect: from.onDisconnect,
      memory,
      onParked: (hurry) => {
        if (incremental !== undefined) incremental.session.hurry = hurry;
      },
    });
    from.onSent(memory.release);
    if (!(outcomes instanceof Promise)) return finish(outcomes);
    const parkedAtUs = broker.world.clock.monotonicUs();
    return outcomes.then((settled) => {
      from.addParkedUs(broker.world.clock.monotonicUs() - parkedAtUs);
      return finish(settled);
    });
  },
  ['broker'],
);

/** Monotonic: sessions are idle, and swept, by time that passes. */
function nowMs({ world }: BrokerContext): number {
  return world.clock.monotonicUs() / 1_000;
}

function borrowFrom(buffers: BufferPool): FetchMemory {
  const taken: Uint8Array[] = [];
  const take = (sizeBytes: number): Uint8Array => {
    const memory = buffers.take(sizeBytes);
    taken.push(memory);
    return memory;
  };
  const release = (): void => {
    for (const memory of taken.splice(0)) buffers.giveBack(memory);
  };
  return { take, release };
}

function toFetchPartitions(request: FetchRequest, usesTopicIds: boolean, broker: BrokerContext): readonly FetchPartition[] {
  return request.topics.flatMap((topic) => {
    const topicId = usesTopicIds ? topic.topicId : zeroTopicId;
    const name = usesTopicIds ? (broker.metadata.topicById(topic.topicId)?.name ?? '') : topic.topic;
    return topic.partitions.map((asked) => ({
      topic: name,
      topicId,
      partition: asked.partition,
      fetchOffset: asked.fetchOffset,
      maxBytes: asked.partitionMaxBytes,
      currentLeaderEpoch: asked.currentLeaderEpoch,
      lastFetchedEpoch: asked.lastFetchedEpoch,
      logStartOffset: asked.logStartOffset,
    }));
  });
}

function toResponses(
  answers: readonly FetchOutcome[],
  from: RequestContext,
  broker: BrokerContext,
): Pick<Response, 'responses' | 'nodeEndpoints'> {
  const responses: { topic: string; topicId: ResponseTopic['topicId']; partitions: ResponseTopic['partitions'][number][] }[] = [];
  const wrongLeaders: FetchOutcome[] = [];
  for (const answer of answers) {
    const isWrongLeader = answer.errorCode === errorCodes.NOT_LEADER_OR_FOLLOWER || answer.errorCode === errorCodes.FENCED_LEADER_EPOCH;
    if (isWrongLeader) wrongLeaders.push(answer);
    const last = responses.at(-1);
    const isSameTopic = last !== undefined && last.topic === answer.topic && last.topicId === answer.topicId;
    const topic = isSameTopic ? last : { topic: answer.topic, topicId: answer.topicId, partitions: [] };
    if (!isSameTopic) responses.push(topic);
    topic.partitions.push(toPartition(answer, isWrongLeader && from.apiVersion >= firstVersionWithLeaderHints ? broker : undefined));
  }
  if (wrongLeaders.length === 0 || from.apiVersion < firstVersionWithLeaderHints) return { responses };
  return { responses, nodeEndpoints: endpointsOfLeaders(broker, from.listenerName, wrongLeaders) };
}

function toPartition(answer: FetchOutcome, hints: BrokerContext | undefined): ResponseTopic['partitions'][number] {
  const {
    partition,
    errorCode,
    highWatermark,
    lastStableOffset,
    logStartOffset,
    abortedTransactions,
    records,
    divergingEpoch,
    preferredReadReplica,
  } = answer;
  return {
    partitionIndex: partition,
    errorCode,
    highWatermark,
    lastStableOffset,
    logStartOffset,
    abortedTransactions,
    records,
    preferredReadReplica,
    ...(divergingEpoch === null ? {} : { divergingEpoch }),
    ...(hints === undefined ? {} : { currentLeader: currentLeaderOf(hints, answer.topic, partition) }),
  };
}

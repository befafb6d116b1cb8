// OffsetFetch: how far groups have come; -1 without an error where nothing is committed.
// Null topics mean everything (v2+). An error of the whole group stands beside the topics from v2 on, and before that in
// every partition. From v8 several groups in one request, from v10 topics go by id. Offsets of open transactions
// (v7 requireStable) can't occur as long as no transactions are served.

import { zeroTopicId, type TopicId } from '#engine/base/brand.ts';
import type { FetchedOffset } from '#engine/coordinator/group/messages.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { offsetFetchApi } from '#engine/protocol/apis/09-offset-fetch.ts';
import type { ResponseInput } from '#engine/protocol/schema.ts';
import { defineHandler, type BrokerContext } from '../context.ts';
import { toGroupTopic } from '../group-topics.ts';

type Response = ResponseInput<typeof offsetFetchApi>;
type GroupAnswer = NonNullable<Response['groups']>[number];
type TopicAnswer = GroupAnswer['topics'][number];
type PartitionAnswer = TopicAnswer['partitions'][number];

interface AskedTopic {
  readonly name: string;
  readonly topicId: TopicId;
  readonly partitionIndexes: readonly number[];
}
interface AskedGroup {
  readonly groupId: string;
  readonly topics: readonly AskedTopic[] | null;
}

const firstVersionWithGroups = 8;
const firstVersionWithGroupError = 2;
const firstVersionWithTopicIds = 10;

export const offsetFetchHandler = defineHandler(offsetFetchApi, async (request, from, broker): Promise<Response> => {
  const byId = from.apiVersion >= firstVersionWithTopicIds;
  if (from.apiVersion >= firstVersionWithGroups) {
    return { groups: await Promise.all(request.groups.map((group) => fetchGroup(group, byId, broker))) };
  }
  const topics = request.topics?.map((topic) => ({ ...topic, topicId: zeroTopicId })) ?? null;
  const answer = await fetchGroup({ groupId: request.groupId, topics }, false, broker);
  if (from.apiVersion >= firstVersionWithGroupError)
    return { topics: answer.topics.map(named), errorCode: answer.errorCode ?? errorCodes.NONE };
  if (answer.errorCode === errorCodes.NONE) return { topics: answer.topics.map(named) };
  return { topics: (topics ?? []).map((topic) => named(refusedTopic(topic, answer.errorCode ?? errorCodes.UNKNOWN_SERVER_ERROR))) };
});

async function fetchGroup({ groupId, topics }: AskedGroup, byId: boolean, broker: BrokerContext): Promise<GroupAnswer> {
  const known = topics?.map((asked) => toGroupTopic(asked, { byId, broker })) ?? null;
  // By name a commit is looked up whatever became of the topic; an unknown id names nothing.
  const partitions =
    known?.flatMap(({ name, topicId, errorOf }, index) =>
      byId && errorOf(0) === errorCodes.UNKNOWN_TOPIC_ID
        ? []
        : topics![index]!.partitionIndexes.map((partition) => ({ topic: name, topicId, partition })),
    ) ?? null;
  const { errorCode, offsets } = await broker.groups.ask({ kind: 'fetch-offsets', groupId, partitions });
  if (errorCode !== errorCodes.NONE) return { groupId, errorCode, topics: [] };
  if (topics === null) return { groupId, errorCode, topics: groupByTopic(offsets, byId, broker) };
  let next = 0;
  const answers = topics.map((asked, index): TopicAnswer => {
    if (byId && known![index]!.errorOf(0) === errorCodes.UNKNOWN_TOPIC_ID) return refusedTopic(asked, errorCodes.UNKNOWN_TOPIC_ID);
    return { name: asked.name, topicId: asked.topicId, partitions: asked.partitionIndexes.map(() => toPartition(offsets[next++]!)) };
  });
  return { groupId, errorCode, topics: answers };
}

function groupByTopic(offsets: readonly FetchedOffset[], byId: boolean, broker: BrokerContext): TopicAnswer[] {
  const byTopic = Map.groupBy(offsets, ({ topic }) => topic);
  return Array.from(byTopic, ([name, ofTopic]) => ({
    name,
    topicId: broker.metadata.topic(name)?.topicId ?? zeroTopicId,
    partitions: ofTopic.map(toPartition),
  })).filter(({ topicId }) => !byId || topicId !== zeroTopicId);
}

function toPartition({ partition, committed }: FetchedOffset): PartitionAnswer {
  return {
    partitionIndex: partition,
    committedOffset: committed?.offset ?? -1,
    committedLeaderEpoch: committed?.leaderEpoch ?? -1,
    metadata: committed?.metadata ?? '',
    errorCode: errorCodes.NONE,
  };
}

function refusedTopic({ name, topicId, partitionIndexes }: AskedTopic, errorCode: number): TopicAnswer {
  const partitions = partitionIndexes.map((partitionIndex) => ({
    partitionIndex,
    committedOffset: -1,
    committedLeaderEpoch: -1,
    metadata: '',
    errorCode,
  }));
  return { name, topicId, partitions };
}

/** Before version 8 topics only go by name. */
function named({ name, partitions }: TopicAnswer): NonNullable<Response['topics']>[number] {
  return { name: name ?? '', partitions };
}

// OffsetCommit: keeps how far a group has come. Partitions that don't exist are refused one by one, the others are
// written together; nothing is answered before it is committed in the group's own log.
// v2 to v4 may ask for a retention of their own, from v9 a missing group has its own error, from v10 topics go by id.

import type { OffsetToCommit } from '#engine/coordinator/group/messages.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { offsetCommitApi, type OffsetCommitRequest } from '#engine/protocol/apis/08-offset-commit.ts';
import type { ResponseInput } from '#engine/protocol/schema.ts';
import { defineHandler } from '../context.ts';
import { toGroupTopic, type GroupTopic } from '../group-topics.ts';

type Response = ResponseInput<typeof offsetCommitApi>;
type AskedPartition = OffsetCommitRequest['topics'][number]['partitions'][number];

const firstVersionWithTopicIds = 10;
const firstVersionWithGroupIdNotFound = 9;

export const offsetCommitHandler = defineHandler(offsetCommitApi, async (request, from, broker): Promise<Response> => {
  const topics = request.topics.map((asked) => toGroupTopic(asked, { byId: from.apiVersion >= firstVersionWithTopicIds, broker }));
  const { groupId, memberId, groupInstanceId, generationIdOrMemberEpoch, retentionTimeMs } = request;
  const offsets = request.topics.flatMap((asked, index) => toCommit(topics[index]!, asked.partitions));
  const errors =
    offsets.length === 0
      ? []
      : (
          await broker.groups.ask({
            kind: 'commit-offsets',
            groupId,
            memberId,
            groupInstanceId,
            offsets,
            generationId: generationIdOrMemberEpoch,
            retentionMs: retentionTimeMs < 0 ? null : retentionTimeMs,
            knowsGroupIdNotFound: from.apiVersion >= firstVersionWithGroupIdNotFound,
          })
        ).errorCodes;
  let next = 0;
  return {
    topics: request.topics.map(({ name, topicId, partitions }, index) => ({
      name,
      topicId,
      partitions: partitions.map(({ partitionIndex }) => {
        const refusal = topics[index]!.errorOf(partitionIndex);
        return { partitionIndex, errorCode: refusal === errorCodes.NONE ? errors[next++]! : refusal };
      }),
    })),
  };
});

function toCommit(topic: GroupTopic, partitions: readonly AskedPartition[]): OffsetToCommit[] {
  return partitions
    .filter(({ partitionIndex }) => topic.errorOf(partitionIndex) === errorCodes.NONE)
    .map((asked) => ({
      topic: topic.name,
      topicId: topic.topicId,
      partition: asked.partitionIndex,
      offset: asked.committedOffset,
      leaderEpoch: asked.committedLeaderEpoch,
      metadata: asked.committedMetadata ?? '',
    }));
}

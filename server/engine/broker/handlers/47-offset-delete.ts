// OffsetDelete: forgets single offsets of a group, unless members still consume the topic.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import { offsetDeleteApi } from '#engine/protocol/apis/47-offset-delete.ts';
import type { ResponseInput } from '#engine/protocol/schema.ts';
import { zeroTopicId } from '#engine/base/brand.ts';
import { defineHandler } from '../context.ts';
import { toGroupTopic } from '../group-topics.ts';

type Response = ResponseInput<typeof offsetDeleteApi>;

export const offsetDeleteHandler = defineHandler(offsetDeleteApi, async ({ groupId, topics: asked }, _from, broker): Promise<Response> => {
  const topics = asked.map(({ name }) => toGroupTopic({ name, topicId: zeroTopicId }, { byId: false, broker }));
  const partitions = asked.flatMap(({ name, partitions: ofTopic }, index) =>
    ofTopic
      .filter(({ partitionIndex }) => topics[index]!.errorOf(partitionIndex) === errorCodes.NONE)
      .map(({ partitionIndex }) => ({ topic: name, partition: partitionIndex })),
  );
  const answer = await broker.groups.ask({ kind: 'delete-offsets', groupId, partitions });
  if (answer.errorCode !== errorCodes.NONE) return { errorCode: answer.errorCode, topics: [] };
  let next = 0;
  return {
    errorCode: errorCodes.NONE,
    topics: asked.map(({ name, partitions: ofTopic }, index) => ({
      name,
      partitions: ofTopic.map(({ partitionIndex }) => {
        const refusal = topics[index]!.errorOf(partitionIndex);
        return { partitionIndex, errorCode: refusal === errorCodes.NONE ? answer.partitionErrorCodes[next++]! : refusal };
      }),
    })),
  };
});

// ConsumerGroupHeartbeat (68): the whole membership of the consumer protocol (KIP-848) in one request: epoch 0
// joins, -1 leaves, -2 leaves for a while as a static member; null fields are unchanged ones.
// v1 subscription by regular expression, and the member makes its own id.

import { array, defineApi, int16, int32, string, struct, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const consumerGroupHeartbeatApi = defineApi({
  key: 68,
  name: 'ConsumerGroupHeartbeat',
  versions: '0-1',
  flexible: '0+',
  listeners: ['broker'],
  request: {
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    instanceId: string({ nullable: '0+', default: null }),
    rackId: string({ nullable: '0+', default: null }),
    rebalanceTimeoutMs: int32({ default: -1 }),
    subscribedTopicNames: array({ nullable: '0+', default: null }, string()),
    subscribedTopicRegex: string({ versions: '1+', nullable: '0+', default: null }),
    serverAssignor: string({ nullable: '0+', default: null }),
    topicPartitions: array(
      { nullable: '0+', default: null },
      {
        topicId: uuid(),
        partitions: array('0+', int32()),
      },
    ),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+', default: null }),
    memberId: string({ nullable: '0+', default: null }),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    assignment: struct(
      { nullable: '0+', default: null },
      {
        topicPartitions: array('0+', {
          topicId: uuid(),
          partitions: array('0+', int32()),
        }),
      },
    ),
  },
});

export type ConsumerGroupHeartbeatRequest = RequestOf<typeof consumerGroupHeartbeatApi>;
export type ConsumerGroupHeartbeatResponse = ResponseOf<typeof consumerGroupHeartbeatApi>;

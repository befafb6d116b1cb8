// ShareGroupHeartbeat (76): membership of a share group (KIP-932). v1 is the first stable version.

import { array, defineApi, int16, int32, string, struct, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const shareGroupHeartbeatApi = defineApi({
  key: 76,
  name: 'ShareGroupHeartbeat',
  versions: '1',
  flexible: '0+',
  listeners: ['broker'],
  request: {
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    rackId: string({ nullable: '0+', default: null }),
    subscribedTopicNames: array({ nullable: '0+', default: null }, string()),
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

export type ShareGroupHeartbeatRequest = RequestOf<typeof shareGroupHeartbeatApi>;
export type ShareGroupHeartbeatResponse = ResponseOf<typeof shareGroupHeartbeatApi>;

// ShareGroupDescribe (77): state, members and assignments of share groups.

import { array, bool, defineApi, int16, int32, string, struct, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const shareGroupDescribeApi = defineApi({
  key: 77,
  name: 'ShareGroupDescribe',
  versions: '1',
  flexible: '0+',
  listeners: ['broker'],
  request: {
    groupIds: array('0+', string()),
    includeAuthorizedOperations: bool(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    groups: array('0+', {
      errorCode: int16(),
      errorMessage: string({ nullable: '0+', default: null }),
      groupId: string(),
      groupState: string(),
      groupEpoch: int32(),
      assignmentEpoch: int32(),
      assignorName: string(),
      members: array('0+', {
        memberId: string(),
        rackId: string({ nullable: '0+', default: null }),
        memberEpoch: int32(),
        clientId: string(),
        clientHost: string(),
        subscribedTopicNames: array('0+', string()),
        assignment: struct('0+', {
          topicPartitions: array('0+', {
            topicId: uuid(),
            topicName: string(),
            partitions: array('0+', int32()),
          }),
        }),
      }),
      authorizedOperations: int32({ default: -2147483648 }),
    }),
  },
});

export type ShareGroupDescribeRequest = RequestOf<typeof shareGroupDescribeApi>;
export type ShareGroupDescribeResponse = ResponseOf<typeof shareGroupDescribeApi>;

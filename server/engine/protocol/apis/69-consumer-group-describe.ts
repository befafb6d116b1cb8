// ConsumerGroupDescribe (69): state, members and assignments of consumer-protocol groups.
// v1 tells classic members from consumer ones.

import { array, bool, defineApi, int16, int32, int8, string, struct, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

const assignment = {
  topicPartitions: array('0+', {
    topicId: uuid(),
    topicName: string(),
    partitions: array('0+', int32()),
  }),
};

export const consumerGroupDescribeApi = defineApi({
  key: 69,
  name: 'ConsumerGroupDescribe',
  versions: '0-1',
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
        instanceId: string({ nullable: '0+', default: null }),
        rackId: string({ nullable: '0+', default: null }),
        memberEpoch: int32(),
        clientId: string(),
        clientHost: string(),
        subscribedTopicNames: array('0+', string()),
        subscribedTopicRegex: string({ nullable: '0+', default: null }),
        assignment: struct('0+', assignment),
        targetAssignment: struct('0+', assignment),
        memberType: int8({ versions: '1+', default: -1, ignorable: true }),
      }),
      authorizedOperations: int32({ default: -2147483648 }),
    }),
  },
});

export type ConsumerGroupDescribeRequest = RequestOf<typeof consumerGroupDescribeApi>;
export type ConsumerGroupDescribeResponse = ResponseOf<typeof consumerGroupDescribeApi>;

// OffsetCommit (8): stores a group's offsets with the metadata string that the client gave. Generation -1 with
// an empty member is a commit from outside the group, allowed while the group is empty.
// v2 to v4 carry a retention time that brokers ignore today, v6 leader epoch, v7 static members, v8 flexible,
// v9 member epochs of the consumer protocol (KIP-848), v10 topic ids.

import { array, defineApi, int16, int32, int64, string, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const offsetCommitApi = defineApi({
  key: 8,
  name: 'OffsetCommit',
  versions: '2-10',
  flexible: '8+',
  listeners: ['broker'],
  request: {
    groupId: string(),
    generationIdOrMemberEpoch: int32({ default: -1 }),
    memberId: string(),
    groupInstanceId: string({ versions: '7+', nullable: '0+', default: null }),
    retentionTimeMs: int64({ versions: '2-4', default: -1, ignorable: true }),
    topics: array('0+', {
      name: string({ versions: '0-9', ignorable: true }),
      topicId: uuid({ versions: '10+', ignorable: true }),
      partitions: array('0+', {
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32({ versions: '6+', default: -1, ignorable: true }),
        committedMetadata: string({ nullable: '0+' }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32({ versions: '3+', default: 0, ignorable: true }),
    topics: array('0+', {
      name: string({ versions: '0-9', ignorable: true }),
      topicId: uuid({ versions: '10+', ignorable: true }),
      partitions: array('0+', {
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  },
});

export type OffsetCommitRequest = RequestOf<typeof offsetCommitApi>;
export type OffsetCommitResponse = ResponseOf<typeof offsetCommitApi>;

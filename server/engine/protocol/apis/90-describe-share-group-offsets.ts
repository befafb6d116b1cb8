// DescribeShareGroupOffsets (90): start offsets of share groups; null topics mean all.
// v1 adds the lag.

import { array, defineApi, int16, int32, int64, string, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const describeShareGroupOffsetsApi = defineApi({
  key: 90,
  name: 'DescribeShareGroupOffsets',
  versions: '0-1',
  flexible: '0+',
  listeners: ['broker'],
  request: {
    groups: array('0+', {
      groupId: string(),
      topics: array(
        { nullable: '0+' },
        {
          topicName: string(),
          partitions: array('0+', int32()),
        },
      ),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    groups: array('0+', {
      groupId: string(),
      topics: array('0+', {
        topicName: string(),
        topicId: uuid(),
        partitions: array('0+', {
          partitionIndex: int32(),
          startOffset: int64(),
          leaderEpoch: int32(),
          lag: int64({ versions: '1+', default: -1, ignorable: true }),
          errorCode: int16(),
          errorMessage: string({ nullable: '0+', default: null }),
        }),
      }),
      errorCode: int16(),
      errorMessage: string({ nullable: '0+', default: null }),
    }),
  },
});

export type DescribeShareGroupOffsetsRequest = RequestOf<typeof describeShareGroupOffsetsApi>;
export type DescribeShareGroupOffsetsResponse = ResponseOf<typeof describeShareGroupOffsetsApi>;

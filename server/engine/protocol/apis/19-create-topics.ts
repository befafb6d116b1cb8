// CreateTopics (19): one result a topic. -1 partitions or replicas mean the defaults (v4), and must both be -1
// with a manual assignment.
// v5 flexible and answers the topic's configs, v6 may throttle, v7 answers the topic id.

import { array, bool, defineApi, int16, int32, int8, string, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const createTopicsApi = defineApi({
  key: 19,
  name: 'CreateTopics',
  versions: '2-7',
  flexible: '5+',
  listeners: ['broker', 'controller'],
  request: {
    topics: array('0+', {
      name: string(),
      numPartitions: int32(),
      replicationFactor: int16(),
      assignments: array('0+', {
        partitionIndex: int32(),
        brokerIds: array('0+', int32()),
      }),
      configs: array('0+', {
        name: string(),
        value: string({ nullable: '0+' }),
      }),
    }),
    timeoutMs: int32({ default: 60000 }),
    validateOnly: bool({ default: false }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    topics: array('0+', {
      name: string(),
      topicId: uuid({ versions: '7+', ignorable: true }),
      errorCode: int16(),
      errorMessage: string({ nullable: '0+' }),
      topicConfigErrorCode: int16({ versions: '5+', tag: 0, ignorable: true }),
      numPartitions: int32({ versions: '5+', default: -1, ignorable: true }),
      replicationFactor: int16({ versions: '5+', default: -1, ignorable: true }),
      configs: array(
        { versions: '5+', nullable: '0+', ignorable: true },
        {
          name: string(),
          value: string({ nullable: '0+' }),
          readOnly: bool(),
          configSource: int8({ default: -1 }),
          isSensitive: bool(),
        },
      ),
    }),
  },
});

export type CreateTopicsRequest = RequestOf<typeof createTopicsApi>;
export type CreateTopicsResponse = ResponseOf<typeof createTopicsApi>;

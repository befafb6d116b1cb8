// AddPartitionsToTxn (24): adds partitions to an open transaction before they are written to.
// v3 flexible. From v4 on it is the brokers' batched form, which may only verify; clients stay at v3, whose
// fields say so in their names.

import { array, bool, defineApi, int16, int32, int64, string, type RequestOf, type ResponseOf } from '../schema.ts';

const addPartitionsToTxnTopic = {
  name: string(),
  partitions: array('0+', int32()),
};

const addPartitionsToTxnTopicResult = {
  name: string(),
  resultsByPartition: array('0+', {
    partitionIndex: int32(),
    partitionErrorCode: int16(),
  }),
};

export const addPartitionsToTxnApi = defineApi({
  key: 24,
  name: 'AddPartitionsToTxn',
  versions: '0-5',
  flexible: '3+',
  listeners: ['broker'],
  request: {
    transactions: array('4+', {
      transactionalId: string(),
      producerId: int64(),
      producerEpoch: int16(),
      verifyOnly: bool({ default: false }),
      topics: array('0+', addPartitionsToTxnTopic),
    }),
    v3AndBelowTransactionalId: string('0-3'),
    v3AndBelowProducerId: int64('0-3'),
    v3AndBelowProducerEpoch: int16('0-3'),
    v3AndBelowTopics: array('0-3', addPartitionsToTxnTopic),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16({ versions: '4+', ignorable: true }),
    resultsByTransaction: array('4+', {
      transactionalId: string(),
      topicResults: array('0+', addPartitionsToTxnTopicResult),
    }),
    resultsByTopicV3AndBelow: array('0-3', addPartitionsToTxnTopicResult),
  },
});

export type AddPartitionsToTxnRequest = RequestOf<typeof addPartitionsToTxnApi>;
export type AddPartitionsToTxnResponse = ResponseOf<typeof addPartitionsToTxnApi>;

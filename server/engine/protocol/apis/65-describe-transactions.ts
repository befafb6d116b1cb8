// DescribeTransactions (65): state and partitions of transactional ids.

import { array, defineApi, int16, int32, int64, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const describeTransactionsApi = defineApi({
  key: 65,
  name: 'DescribeTransactions',
  versions: '0',
  flexible: '0+',
  listeners: ['broker'],
  request: {
    transactionalIds: array('0+', string()),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    transactionStates: array('0+', {
      errorCode: int16(),
      transactionalId: string(),
      transactionState: string(),
      transactionTimeoutMs: int32(),
      transactionStartTimeMs: int64(),
      producerId: int64(),
      producerEpoch: int16(),
      topics: array('0+', {
        topic: string(),
        partitions: array('0+', int32()),
      }),
    }),
  },
});

export type DescribeTransactionsRequest = RequestOf<typeof describeTransactionsApi>;
export type DescribeTransactionsResponse = ResponseOf<typeof describeTransactionsApi>;

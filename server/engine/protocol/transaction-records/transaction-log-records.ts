// Transactions in __transaction_state: one record holds the whole state of a transactional id.

import { defineRecord } from '../record-schema.ts';
import { array, int16, int32, int64, int8, string } from '../schema.ts';

export const transactionLogKey = defineRecord({
  type: 0,
  name: 'TransactionLogKey',
  versions: '0',
  flexible: 'none',
  fields: {
    transactionalId: string(),
  },
});

export const transactionLogValue = defineRecord({
  type: 0,
  name: 'TransactionLogValue',
  versions: '0-1',
  flexible: '1+',
  fields: {
    producerId: int64(),
    previousProducerId: int64({ versions: '1+', default: -1, tag: 0 }),
    nextProducerId: int64({ versions: '1+', default: -1, tag: 1 }),
    producerEpoch: int16(),
    nextProducerEpoch: int16({ versions: '1+', default: -1, tag: 3 }),
    transactionTimeoutMs: int32(),
    transactionStatus: int8(),
    transactionPartitions: array(
      { nullable: '0+' },
      {
        topic: string(),
        partitionIds: array('0+', int32()),
      },
    ),
    transactionLastUpdateTimestampMs: int64(),
    transactionStartTimestampMs: int64(),
    clientTransactionVersion: int16({ versions: '1+', default: 0, tag: 2 }),
  },
});

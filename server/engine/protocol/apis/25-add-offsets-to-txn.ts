// AddOffsetsToTxn (25): adds a group's offsets partition to a transaction.
// v2 may answer PRODUCER_FENCED, v3 flexible, v4 TRANSACTION_ABORTABLE.

import { defineApi, int16, int32, int64, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const addOffsetsToTxnApi = defineApi({
  key: 25,
  name: 'AddOffsetsToTxn',
  versions: '0-4',
  flexible: '3+',
  listeners: ['broker'],
  request: {
    transactionalId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    groupId: string(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
  },
});

export type AddOffsetsToTxnRequest = RequestOf<typeof addOffsetsToTxnApi>;
export type AddOffsetsToTxnResponse = ResponseOf<typeof addOffsetsToTxnApi>;

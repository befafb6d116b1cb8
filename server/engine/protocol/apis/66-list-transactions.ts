// ListTransactions (66): the transactions a coordinator knows, filtered by state and producer.
// v1 by how long they have run, v2 by a pattern of the id.

import { array, defineApi, int16, int32, int64, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const listTransactionsApi = defineApi({
  key: 66,
  name: 'ListTransactions',
  versions: '0-2',
  flexible: '0+',
  listeners: ['broker'],
  request: {
    stateFilters: array('0+', string()),
    producerIdFilters: array('0+', int64()),
    durationFilter: int64({ versions: '1+', default: -1 }),
    transactionalIdPattern: string({ versions: '2+', nullable: '0+', default: null }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    unknownStateFilters: array('0+', string()),
    transactionStates: array('0+', {
      transactionalId: string(),
      producerId: int64(),
      transactionState: string(),
    }),
  },
});

export type ListTransactionsRequest = RequestOf<typeof listTransactionsApi>;
export type ListTransactionsResponse = ResponseOf<typeof listTransactionsApi>;

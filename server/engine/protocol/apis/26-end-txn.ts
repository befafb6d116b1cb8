// EndTxn (26): commits or aborts.
// v2 may answer PRODUCER_FENCED, v3 flexible, v4 TRANSACTION_ABORTABLE, v5 answers the bumped producer id and
// epoch (KIP-890).

import { bool, defineApi, int16, int32, int64, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const endTxnApi = defineApi({
  key: 26,
  name: 'EndTxn',
  versions: '0-5',
  flexible: '3+',
  listeners: ['broker'],
  request: {
    transactionalId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    committed: bool(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    producerId: int64({ versions: '5+', default: -1, ignorable: true }),
    producerEpoch: int16({ versions: '5+', default: -1, ignorable: true }),
  },
});

export type EndTxnRequest = RequestOf<typeof endTxnApi>;
export type EndTxnResponse = ResponseOf<typeof endTxnApi>;

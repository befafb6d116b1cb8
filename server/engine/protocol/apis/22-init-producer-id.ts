// InitProducerId (22): a producer id and epoch, for idempotence (no transactional id) or a transaction.
// v2 flexible, v3 the producer's present id and epoch so that it can be bumped, v4 may answer PRODUCER_FENCED,
// v5 TRANSACTION_ABORTABLE. v6 (two-phase commit) is unstable in Kafka and not advertised.

import { bool, defineApi, int16, int32, int64, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const initProducerIdApi = defineApi({
  key: 22,
  name: 'InitProducerId',
  versions: '0-6',
  advertised: '0-5',
  flexible: '2+',
  listeners: ['broker'],
  request: {
    transactionalId: string({ nullable: '0+' }),
    transactionTimeoutMs: int32(),
    producerId: int64({ versions: '3+', default: -1 }),
    producerEpoch: int16({ versions: '3+', default: -1 }),
    enable2Pc: bool({ versions: '6+', default: false }),
    keepPreparedTxn: bool({ versions: '6+', default: false }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    producerId: int64({ default: -1 }),
    producerEpoch: int16(),
    ongoingTxnProducerId: int64({ versions: '6+', default: -1 }),
    ongoingTxnProducerEpoch: int16({ versions: '6+', default: -1 }),
  },
});

export type InitProducerIdRequest = RequestOf<typeof initProducerIdApi>;
export type InitProducerIdResponse = ResponseOf<typeof initProducerIdApi>;

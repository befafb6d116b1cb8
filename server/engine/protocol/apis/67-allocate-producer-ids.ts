// AllocateProducerIds (67): a broker draws a block of producer ids from the controller.

import { defineApi, int16, int32, int64, type RequestOf, type ResponseOf } from '../schema.ts';

export const allocateProducerIdsApi = defineApi({
  key: 67,
  name: 'AllocateProducerIds',
  versions: '0',
  flexible: '0+',
  listeners: ['controller'],
  request: {
    brokerId: int32(),
    brokerEpoch: int64({ default: -1 }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    producerIdStart: int64(),
    producerIdLen: int32(),
  },
});

export type AllocateProducerIdsRequest = RequestOf<typeof allocateProducerIdsApi>;
export type AllocateProducerIdsResponse = ResponseOf<typeof allocateProducerIdsApi>;

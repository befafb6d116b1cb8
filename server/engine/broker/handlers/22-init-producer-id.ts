// InitProducerId: an id under which a producer's batches are counted, so that a repeated one is written once.
// Without a transactional id the producer always gets a fresh id, whatever it had before. Transactions are not served
// yet: INVALID_REQUEST ends the attempt, where a retriable error would let the client try for ever.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import { initProducerIdApi } from '#engine/protocol/apis/22-init-producer-id.ts';
import { defineHandler } from '../context.ts';

export const initProducerIdHandler = defineHandler(initProducerIdApi, async ({ transactionalId }, _from, broker) => {
  if (transactionalId !== null) return { errorCode: errorCodes.INVALID_REQUEST, producerId: -1, producerEpoch: -1 };
  const { errorCode, producerId } = await broker.producerIds.next();
  return { errorCode, producerId, producerEpoch: errorCode === errorCodes.NONE ? 0 : -1 };
});

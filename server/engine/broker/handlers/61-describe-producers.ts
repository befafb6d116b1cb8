// DescribeProducers: who writes to a partition idempotently, and where open transactions began.

import { describeProducersApi } from '#engine/protocol/apis/61-describe-producers.ts';
import { defineHandler } from '../context.ts';

export const describeProducersHandler = defineHandler(describeProducersApi, (request, _from, broker) => ({
  topics: request.topics.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partitionIndex) => {
      const { errorCode, producers } = broker.partitions.activeProducers({ topic: name, partition: partitionIndex });
      return {
        partitionIndex,
        errorCode,
        activeProducers: producers.map((producer) => ({
          producerId: producer.producerId,
          producerEpoch: producer.producerEpoch,
          lastSequence: producer.lastSequence,
          lastTimestamp: producer.lastTimestampMs,
          coordinatorEpoch: producer.coordinatorEpoch,
          currentTxnStartOffset: producer.currentTransactionStartOffset,
        })),
      };
    }),
  })),
}));

// DeleteRecords: moves the start of partitions forward; -1 means up to the high watermark. Offsets never change.

import { deleteRecordsApi } from '#engine/protocol/apis/21-delete-records.ts';
import { defineHandler } from '../context.ts';

export const deleteRecordsHandler = defineHandler(deleteRecordsApi, async (request, _from, broker) => {
  const { timeoutMs } = request;
  const topics = request.topics.map(async ({ name, partitions }) => {
    const deleted = partitions.map(async ({ partitionIndex, offset }) => ({
      partitionIndex,
      ...(await broker.partitions.deleteRecords({ topic: name, partition: partitionIndex }, { beforeOffset: offset, timeoutMs })),
    }));
    return { name, partitions: await Promise.all(deleted) };
  });
  return { topics: await Promise.all(topics) };
});

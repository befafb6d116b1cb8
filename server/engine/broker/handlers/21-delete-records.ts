// DeleteRecords: moves the start of partitions forward; -1 means up to the high watermark. Offsets never change.

import { deleteRecordsApi } from '#engine/protocol/apis/21-delete-records.ts';
import { defineHandler } from '../context.ts';

export const deleteRecordsHandler = defineHandler(deleteRecordsApi, (request, _from, broker) => ({
  topics: request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, offset }) => ({
      partitionIndex,
      ...broker.partitions.deleteRecords({ topic: name, partition: partitionIndex }, offset),
    })),
  })),
}));

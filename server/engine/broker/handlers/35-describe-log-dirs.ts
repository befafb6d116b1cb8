// DescribeLogDirs: what lies on this broker's disk, replica by replica. Null topics mean all.

import { describeLogDirsApi, type DescribeLogDirsRequest } from '#engine/protocol/apis/35-describe-log-dirs.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { defineHandler } from '../context.ts';
import type { ReplicaStatus } from '../partition-port.ts';

interface PartitionSize {
  readonly partitionIndex: number;
  readonly partitionSize: number;
  readonly offsetLag: number;
  readonly isFutureKey: boolean;
}

export const describeLogDirsHandler = defineHandler(describeLogDirsApi, (request, _from, broker) => {
  const { path, totalBytes, usableBytes } = broker.partitions.logDirectory();
  const byTopic = new Map<string, PartitionSize[]>();
  for (const replica of broker.partitions.replicas()) {
    if (!isAsked(request, replica)) continue;
    const sizes = byTopic.get(replica.topic) ?? [];
    byTopic.set(replica.topic, sizes);
    sizes.push(toSize(replica));
  }
  const topics = Array.from(byTopic, ([name, partitions]) => ({ name, partitions }));
  return { errorCode: errorCodes.NONE, results: [{ errorCode: errorCodes.NONE, logDir: path, topics, totalBytes, usableBytes }] };
});

function isAsked({ topics }: DescribeLogDirsRequest, replica: ReplicaStatus): boolean {
  return topics === null || topics.some(({ topic, partitions }) => topic === replica.topic && partitions.includes(replica.partition));
}

/** How far the replica is behind the high watermark it knows. */
function toSize({ partition, sizeBytes, highWatermark, logEndOffset }: ReplicaStatus): PartitionSize {
  return { partitionIndex: partition, partitionSize: sizeBytes, offsetLag: Math.max(0, highWatermark - logEndOffset), isFutureKey: false };
}

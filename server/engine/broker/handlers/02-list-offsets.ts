// ListOffsets: the offset of a time, or of one of the special positions (latest, earliest, ...).
// A special position that came with a later version is refused in earlier ones; just after an election "latest" is not known
// before the high watermark has passed the new epoch's start (KIP-207), which clients older than v5 are told as LEADER_NOT_AVAILABLE.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import { listOffsetsApi, type ListOffsetsRequest } from '#engine/protocol/apis/02-list-offsets.ts';
import { defineHandler, type BrokerContext, type RequestContext } from '../context.ts';
import { listOffsetTimes, type ListOffsetOutcome } from '../partition-port.ts';

const readCommitted = 1;
const firstVersionWithLeaderEpoch = 4;
const firstVersionWithOffsetNotAvailable = 5;

/** The version from which a special timestamp means something. */
const firstVersionOfTime: ReadonlyMap<number, number> = new Map([
  [listOffsetTimes.maxTimestamp, 7],
  [listOffsetTimes.earliestLocal, 8],
  [listOffsetTimes.latestTiered, 9],
  [listOffsetTimes.earliestPendingUpload, 11],
]);

export const listOffsetsHandler = defineHandler(listOffsetsApi, (request, from, broker) => {
  const repeated = repeatedPartitions(request);
  return {
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((asked) => {
        const isRepeated = repeated.has(`${name}-${asked.partitionIndex}`);
        const outcome = isRepeated ? refused(errorCodes.INVALID_REQUEST) : find({ request, name, asked, from, broker });
        const { offset, timestampMs, leaderEpoch } = outcome;
        const answer = {
          partitionIndex: asked.partitionIndex,
          errorCode: toVersion(outcome.errorCode, from.apiVersion),
          offset,
          timestamp: timestampMs,
        };
        return from.apiVersion < firstVersionWithLeaderEpoch ? answer : { ...answer, leaderEpoch };
      }),
    })),
  };
});

interface Question {
  readonly request: ListOffsetsRequest;
  readonly name: string;
  readonly asked: ListOffsetsRequest['topics'][number]['partitions'][number];
  readonly from: RequestContext;
  readonly broker: BrokerContext;
}

function find({ request, name, asked, from, broker }: Question): ListOffsetOutcome {
  const firstVersion = firstVersionOfTime.get(asked.timestamp) ?? 1;
  const isUnknownTime = asked.timestamp < listOffsetTimes.earliestPendingUpload;
  if (isUnknownTime || from.apiVersion < firstVersion) return refused(errorCodes.UNSUPPORTED_VERSION);
  return broker.partitions.listOffset({
    topic: name,
    partition: asked.partitionIndex,
    timestampMs: asked.timestamp,
    isReadCommitted: request.isolationLevel === readCommitted,
    currentLeaderEpoch: asked.currentLeaderEpoch,
    replicaId: request.replicaId,
  });
}

/** Kafka answers neither of two questions about one partition. */
function repeatedPartitions(request: ListOffsetsRequest): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { name, partitions } of request.topics) {
    for (const { partitionIndex } of partitions) {
      const key = `${name}-${partitionIndex}`;
      if (seen.has(key)) repeated.add(key);
      seen.add(key);
    }
  }
  return repeated;
}

function refused(errorCode: number): ListOffsetOutcome {
  return { errorCode, offset: -1, timestampMs: -1, leaderEpoch: -1 };
}

function toVersion(errorCode: number, apiVersion: number): number {
  const isTooNew = errorCode === errorCodes.OFFSET_NOT_AVAILABLE && apiVersion < firstVersionWithOffsetNotAvailable;
  return isTooNew ? errorCodes.LEADER_NOT_AVAILABLE : errorCode;
}

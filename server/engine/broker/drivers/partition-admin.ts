// What tools ask of a partition's leader: delete records from the front, and who is writing.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { ActiveProducer, DeletedRecords } from '../partition-port.ts';
import type { ReplicaFacts } from '#engine/trace/process-link.ts';
import type { HostedPartition } from './hosted-partition.ts';
import { StorageError } from '#engine/storage/storage-error.ts';
import { errorCodeOf, guardStorage } from './storage-guard.ts';

const upToHighWatermark = -1;

/** What was asked: the first offset to keep, and how long to wait for followers. */
export interface Deletion {
  readonly beforeOffset: number;
  readonly timeoutMs: number;
}

/** Answers at once unless followers have to let go first: a deletion that another leader didn't know would come undone. */
export function deleteRecordsOf(hosted: HostedPartition, { beforeOffset, timeoutMs }: Deletion): DeletedRecords | Promise<DeletedRecords> {
  const refuse = (errorCode: number): DeletedRecords => ({ errorCode, lowWatermark: -1 });
  if (hosted.leader === undefined) return refuse(errorCodes.NOT_LEADER_OR_FOLLOWER);
  if (hosted.isInternal) return refuse(errorCodes.INVALID_TOPIC_EXCEPTION);
  if (!hosted.settings.log.deletes) return refuse(errorCodes.POLICY_VIOLATION);
  const target = beforeOffset === upToHighWatermark ? hosted.log.highWatermark : beforeOffset;
  if (target < 0 || target > hosted.log.highWatermark) return refuse(errorCodes.OFFSET_OUT_OF_RANGE);
  const failure = guardStorage(() => {
    hosted.log.deleteBefore(target);
  });
  if (failure instanceof StorageError) return refuse(errorCodeOf(failure));
  const deleted = (errorCode: number): DeletedRecords => ({ errorCode, lowWatermark: hosted.lowWatermark });
  if (hosted.lowWatermark >= target) return deleted(errorCodes.NONE);
  return hosted.whenDeleted(target, timeoutMs).then(deleted);
}

export function activeProducersOf(hosted: HostedPartition): { readonly errorCode: number; readonly producers: readonly ActiveProducer[] } {
  if (hosted.leader === undefined) return { errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER, producers: [] };
  const producers = Array.from(hosted.log.producers.all(), (state) => ({
    producerId: state.producerId,
    producerEpoch: state.producerEpoch,
    lastSequence: state.batches.at(-1)?.lastSequence ?? -1,
    lastTimestampMs: state.lastTimestampMs,
    coordinatorEpoch: state.coordinatorEpoch,
    currentTransactionStartOffset: state.currentTransactionFirstOffset,
  }));
  return { errorCode: errorCodes.NONE, producers };
}

/** A log that saw more leaders than this is told by its newest. */
const maxToldEpochs = 200;

/** One replica, for who looks at this broker from outside; null when it isn't here. */
export function replicaFactsOf(hosted: HostedPartition | undefined): ReplicaFacts | null {
  if (hosted === undefined) return null;
  const { role, log } = hosted;
  const { logStartOffset, highWatermark, logEndOffset, sizeBytes, epochStarts } = log;
  return {
    role: role.kind,
    leaderEpoch: role.leaderEpoch,
    logStartOffset,
    highWatermark,
    logEndOffset,
    sizeBytes,
    epochs: epochStarts.slice(-maxToldEpochs),
  };
}

// Where things are in a leader's log: the offset of a time or of a named position, the end of an epoch.
// Just after an election the high watermark may lag behind what the last leader has told; until it has passed the start of
// this leader's epoch, "latest" isn't answered (KIP-207), so that consumers never see it go back.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import { knowsHighWatermark } from '#engine/replication/partition-leader.ts';
import type { FoundOffset } from '#engine/storage/log-search.ts';
import { listOffsetTimes, type EpochEndOutcome, type ListOffsetOutcome, type ListOffsetQuery } from '../partition-port.ts';
import type { HostedPartition } from './hosted-partition.ts';
import { faultOfEpoch } from './leader-epoch-check.ts';
import { StorageError } from '#engine/storage/storage-error.ts';
import { errorCodeOf, guardStorage } from './storage-guard.ts';

const consumerReplicaId = -1;
/** Who asks with it wants to know of this very replica, leader or not; Kafka's tools do. */
const debuggingReplicaId = -2;

export function listOffsetOf(hosted: HostedPartition, query: ListOffsetQuery): ListOffsetOutcome {
  const fault = faultOfEpoch(hosted, query.currentLeaderEpoch);
  const asksReplica = query.replicaId === debuggingReplicaId && fault === errorCodes.NOT_LEADER_OR_FOLLOWER;
  if (fault !== errorCodes.NONE && !(asksReplica && hosted.role.kind === 'follower')) return refuse(fault);
  switch (query.timestampMs) {
    case listOffsetTimes.earliest:
    case listOffsetTimes.earliestLocal:
      return earliest(hosted);
    case listOffsetTimes.latest:
      return latest(hosted, query);
    case listOffsetTimes.maxTimestamp:
      return newest(hosted, query);
    // There is no remote storage here, so nothing is in it and nothing waits to get there.
    case listOffsetTimes.latestTiered:
    case listOffsetTimes.earliestPendingUpload:
      return nowhere;
    default:
      return byTime(hosted, query);
  }
}

const nowhere: ListOffsetOutcome = { errorCode: errorCodes.NONE, offset: -1, timestampMs: -1, leaderEpoch: -1 };

function refuse(errorCode: number): ListOffsetOutcome {
  return { ...nowhere, errorCode };
}

function earliest(hosted: HostedPartition): ListOffsetOutcome {
  const offset = hosted.log.logStartOffset;
  return { ...nowhere, offset, leaderEpoch: hosted.log.epochOf(offset) };
}

function latest(hosted: HostedPartition, query: ListOffsetQuery): ListOffsetOutcome {
  if (isLagging(hosted, query)) return refuse(errorCodes.OFFSET_NOT_AVAILABLE);
  return { ...nowhere, offset: readableEnd(hosted, query), leaderEpoch: hosted.log.latestEpoch };
}

function newest(hosted: HostedPartition, query: ListOffsetQuery): ListOffsetOutcome {
  const found = guardStorage(() => hosted.log.offsetOfMaxTimestamp());
  if (found instanceof StorageError) return refuse(errorCodeOf(found));
  return toOutcome(hosted, query, found);
}

function byTime(hosted: HostedPartition, query: ListOffsetQuery): ListOffsetOutcome {
  const found = guardStorage(() => hosted.log.offsetForTimestamp(query.timestampMs));
  if (found instanceof StorageError) return refuse(errorCodeOf(found));
  // Something newer may lie in what the high watermark hasn't told yet.
  if ((found === null || found.offset >= readableEnd(hosted, query)) && isLagging(hosted, query))
    return refuse(errorCodes.OFFSET_NOT_AVAILABLE);
  return toOutcome(hosted, query, found);
}

function toOutcome(hosted: HostedPartition, query: ListOffsetQuery, found: FoundOffset | null): ListOffsetOutcome {
  if (found === null || found.offset >= readableEnd(hosted, query)) return nowhere;
  return { errorCode: errorCodes.NONE, offset: found.offset, timestampMs: found.timestamp, leaderEpoch: found.leaderEpoch };
}

function isLagging(hosted: HostedPartition, query: ListOffsetQuery): boolean {
  return query.replicaId === consumerReplicaId && hosted.leader !== undefined && !knowsHighWatermark(hosted.leader);
}

function readableEnd(hosted: HostedPartition, query: ListOffsetQuery): number {
  if (query.replicaId !== consumerReplicaId) return hosted.log.logEndOffset;
  return query.isReadCommitted ? hosted.log.lastStableOffset : hosted.log.highWatermark;
}

export function epochEndOf(hosted: HostedPartition, leaderEpoch: number, currentLeaderEpoch: number): EpochEndOutcome {
  const fault = faultOfEpoch(hosted, currentLeaderEpoch);
  if (fault !== errorCodes.NONE) return { errorCode: fault, leaderEpoch: -1, endOffset: -1 };
  const end = hosted.log.endOffsetForEpoch(leaderEpoch);
  return { errorCode: errorCodes.NONE, leaderEpoch: end?.epoch ?? -1, endOffset: end?.endOffset ?? -1 };
}

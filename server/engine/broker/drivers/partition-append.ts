// Appends and reads for the broker's own coordinators: batches they built themselves, on partitions they must still lead.

import { assert } from '#engine/base/assert.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { hasEnoughInSync } from '#engine/replication/partition-leader.ts';
import type { World } from '#engine/world/ports.ts';
import type { AppendOutcome, AppendPermission, LocalRead } from '../partition-port.ts';
import type { HostedPartition } from './hosted-partition.ts';
import { StorageError } from '#engine/storage/storage-error.ts';
import { errorCodeOf, guardStorage } from './storage-guard.ts';

/** Kafka's checks before an append of its own: leader, epoch, in-sync replicas, size. */
export function mayAppend({ leader, settings, log }: HostedPartition, leaderEpoch: number): AppendPermission {
  if (leader?.leaderEpoch !== leaderEpoch) return { kind: 'failed', errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER };
  if (!hasEnoughInSync(leader, settings.minInSyncReplicas)) return { kind: 'refused', errorCode: errorCodes.NOT_ENOUGH_REPLICAS };
  return { kind: 'permitted', maxBatchBytes: Math.min(log.config.maxMessageBytes, log.config.segmentBytes) };
}

export function appendBatch(
  hosted: HostedPartition,
  request: { readonly batch: Uint8Array; readonly leaderEpoch: number },
  world: World,
): AppendOutcome {
  const { batch: bytes, leaderEpoch } = request;
  const permission = mayAppend(hosted, leaderEpoch);
  if (permission.kind !== 'permitted') return permission;
  const { logEndOffset } = hosted.log;
  const appended = guardStorage(() => hosted.log.append({ bytes, leaderEpoch, nowMs: world.clock.nowMs(), origin: 'coordinator' }));
  // A full disk leaves the log as it was. Behind a batch whose write failed half-way, only the log itself can tell.
  if (appended instanceof StorageError)
    return { kind: hosted.log.logEndOffset === logEndOffset ? 'refused' : 'failed', errorCode: errorCodeOf(appended) };
  if (appended.outcome === 'refused') {
    assert(appended.reason === 'message-too-large', `a coordinator builds good batches: ${appended.message}`);
    return { kind: 'refused', errorCode: errorCodes.MESSAGE_TOO_LARGE };
  }
  const nextOffset = appended.lastOffset + 1;
  // Asked for before the high watermark moves, so that a single replica's append finds its waiter.
  const committed = hosted.whenCommitted(nextOffset, { leaderEpoch, timeoutMs: null }).then((errorCode) => ({ errorCode }));
  hosted.onAppended(bytes.length);
  return { kind: 'appended', baseOffset: appended.baseOffset, lastOffset: appended.lastOffset, committed };
}

export function readLocal(hosted: HostedPartition, offset: number, maxBytes: number): LocalRead | undefined {
  const { highWatermark, logStartOffset, logEndOffset } = hosted.log;
  const from = Math.max(offset, logStartOffset);
  const read = guardStorage(() => hosted.log.read({ offset: from, maxBytes, maxOffset: logEndOffset, minOneBatch: true }));
  if (read instanceof StorageError || read.outcome === 'out-of-range') return undefined;
  return { records: read.bytes, highWatermark, logStartOffset, logEndOffset };
}

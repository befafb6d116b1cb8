// Appends and reads for the broker's own coordinators: batches they built themselves, on partitions they must still lead.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import { hasEnoughInSync } from '#engine/replication/partition-leader.ts';
import type { World } from '#engine/world/ports.ts';
import type { AppendOutcome, LocalRead } from '../partition-port.ts';
import type { HostedPartition } from './hosted-partition.ts';
import { guardStorage } from './partition-produce.ts';

export function appendBatch(
  hosted: HostedPartition,
  request: { readonly batch: Uint8Array; readonly leaderEpoch: number },
  world: World,
): AppendOutcome {
  const { leader } = hosted;
  if (leader === undefined || leader.leaderEpoch !== request.leaderEpoch)
    return { kind: 'refused', errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER };
  if (!hasEnoughInSync(leader, hosted.settings.minInSyncReplicas)) return { kind: 'refused', errorCode: errorCodes.NOT_ENOUGH_REPLICAS };
  const appended = guardStorage(() =>
    hosted.log.append({
      bytes: request.batch,
      leaderEpoch: leader.leaderEpoch,
      nowMs: world.clock.nowMs(),
      origin: 'coordinator',
    }),
  );
  if (appended === undefined) return { kind: 'refused', errorCode: errorCodes.KAFKA_STORAGE_ERROR };
  if (appended.outcome === 'refused')
    return {
      kind: 'refused',
      errorCode: appended.reason === 'message-too-large' ? errorCodes.MESSAGE_TOO_LARGE : errorCodes.CORRUPT_MESSAGE,
    };
  const nextOffset = appended.lastOffset + 1;
  // Asked for before the high watermark moves, so that a single replica's append finds its waiter.
  const committed = hosted.whenCommitted(nextOffset, null).then((errorCode) => ({ errorCode }));
  hosted.onAppended(request.batch.length);
  return { kind: 'appended', baseOffset: appended.baseOffset, lastOffset: appended.lastOffset, committed };
}

export function readLocal(hosted: HostedPartition, offset: number, maxBytes: number): LocalRead | undefined {
  const { highWatermark, logStartOffset, logEndOffset } = hosted.log;
  const from = Math.max(offset, logStartOffset);
  const read = guardStorage(() => hosted.log.read({ offset: from, maxBytes, maxOffset: logEndOffset, minOneBatch: true }));
  if (read === undefined || read.outcome === 'out-of-range') return undefined;
  return { records: read.bytes, highWatermark, logStartOffset, logEndOffset };
}

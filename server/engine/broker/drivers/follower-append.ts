// What one partition of a leader's answer does to the follower's log: append, cut, or start anew. The decision is
// replication/partition-follower.ts's; whole batches go to the disk as they came, nothing in them is decoded.

import { errorName } from '#engine/protocol/error-codes.ts';
import { decideOnAnswer, type LeaderAnswer } from '#engine/replication/partition-follower.ts';
import type { HostedPartition } from './hosted-partition.ts';
import { StorageError } from '#engine/storage/storage-error.ts';
import { guardStorage } from './storage-guard.ts';

export interface FollowedAnswer extends LeaderAnswer {
  readonly highWatermark: number;
  readonly records: Uint8Array | null;
}

export interface Followed {
  readonly appendedBytes: number;
  /** The next fetch asks for another offset or epoch. */
  readonly hasMoved: boolean;
  /** Why the partition must rest a little; null when all is well. */
  readonly fault: string | null;
}

const rested = (fault: string): Followed => ({ appendedBytes: 0, hasMoved: false, fault });

export function followAnswer(hosted: HostedPartition, answer: FollowedAnswer, nowMs: number): Followed {
  const { log } = hosted;
  const step = decideOnAnswer(answer, log);
  switch (step.kind) {
    case 'append':
      return append(hosted, answer, nowMs);
    case 'truncate':
      return move(hosted, () => log.truncateTo(step.toOffset, nowMs));
    case 'start-anew':
      return move(hosted, () => {
        log.startAnewAt(step.atOffset, nowMs);
      });
    case 'pause':
      return rested(errorName(step.errorCode));
  }
}

/** A cut that leaves the log as it was would be asked for again and again. */
function move({ log }: HostedPartition, change: () => unknown): Followed {
  const before = `${log.logEndOffset} ${log.latestEpoch}`;
  const failure = guardStorage(change);
  if (failure instanceof StorageError) return rested(failure.message);
  const hasMoved = before !== `${log.logEndOffset} ${log.latestEpoch}`;
  return hasMoved ? { appendedBytes: 0, hasMoved, fault: null } : rested('no common history with the leader');
}

function append(hosted: HostedPartition, answer: FollowedAnswer, nowMs: number): Followed {
  const { records, highWatermark, logStartOffset } = answer;
  const appendedBytes = records?.length ?? 0;
  if (records !== null && appendedBytes > 0) {
    const appended = guardStorage(() => hosted.log.appendAsFollower(records, nowMs));
    if (appended instanceof StorageError) return rested(appended.message);
    if (appended.outcome === 'refused') return rested(appended.message);
  }
  const startBefore = hosted.log.logStartOffset;
  const failure = guardStorage(() => {
    hosted.onFollowed({ highWatermark, logStartOffset, appendedBytes });
  });
  if (failure instanceof StorageError) return rested(failure.message);
  return { appendedBytes, hasMoved: appendedBytes > 0 || hosted.log.logStartOffset !== startBefore, fault: null };
}

// What a follower makes of its leader's answer. Its log is cut by leader epochs and never by the high watermark: the
// watermark lags behind what was acknowledged, so cutting by it loses records as soon as the next leader dies too
// (KIP-101, KIP-279; the answer names the point where two histories part, KIP-595).
// Invariant: what is cut off is not in the leader's log, and what both have in common stays.

import type { EpochEnd } from '#engine/base/epoch-starts.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';

/** The follower's own log, as far as the decision looks at it. */
export interface FollowerLog {
  readonly logEndOffset: number;
  /** Where the greatest known epoch up to `epoch` ends; null when the log can't know. */
  endOffsetForEpoch(epoch: number): EpochEnd | null;
}

/** The leader's word on one partition. -1 for what it doesn't say. */
export interface LeaderAnswer {
  readonly errorCode: number;
  readonly logStartOffset: number;
  readonly divergingEpoch: EpochEnd;
}

export type FollowerStep =
  /** Nothing stands against the records that came, if any. */
  | { readonly kind: 'append' }
  | { readonly kind: 'truncate'; readonly toOffset: number }
  /** Nothing of this log is the leader's any more. */
  | { readonly kind: 'start-anew'; readonly atOffset: number }
  /** The leader can't or won't serve: it has moved, or one of the two hasn't heard yet. Ask again a little later. */
  | { readonly kind: 'pause'; readonly errorCode: number };

export function decideOnAnswer(answer: LeaderAnswer, log: FollowerLog): FollowerStep {
  if (answer.errorCode === errorCodes.OFFSET_OUT_OF_RANGE && answer.logStartOffset >= 0)
    return { kind: 'start-anew', atOffset: answer.logStartOffset };
  if (answer.errorCode !== errorCodes.NONE) return { kind: 'pause', errorCode: answer.errorCode };
  const { divergingEpoch } = answer;
  if (divergingEpoch.epoch < 0 && divergingEpoch.endOffset < 0) return { kind: 'append' };
  return { kind: 'truncate', toOffset: truncationOffset(divergingEpoch, log) };
}

/**
 * How far this log may reach: up to the end of the diverging epoch in the leader's log if that epoch is known here, else
 * up to the end of the epoch before it; then the next answer says whether that was far enough.
 */
function truncationOffset(diverging: EpochEnd, log: FollowerLog): number {
  const own = log.endOffsetForEpoch(diverging.epoch);
  if (own === null) return Math.min(diverging.endOffset, log.logEndOffset);
  if (own.epoch !== diverging.epoch) return Math.min(own.endOffset, log.logEndOffset);
  return Math.min(own.endOffset, diverging.endOffset, log.logEndOffset);
}

/** What is committed stays committed: the leader's word may lag behind what was told before it led. */
export function followerHighWatermark(known: number, told: number, logEndOffset: number): number {
  return Math.min(Math.max(known, told), logEndOffset);
}

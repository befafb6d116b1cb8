// How much of the past is kept, and how finely.

/** The record reaches this far back. */
export const keptMs = 3_600_000;
/** A whole picture is kept this often; what lies between is told by events. */
export const keyframeEveryMs = 5_000;
/** A large cluster's picture is kept less often: once a step for every so many partitions. */
export const partitionsAStep = 2_000;
export const slowestKeyframeMs = 60_000;
/** Rows of one cluster: an hour of keyframes, and a little for clocks that are set anew. */
export const maxKeyframes = 900;
/** Bytes of one cluster, compressed: a cluster too large for it has a shorter record, never a larger file. */
export const maxKeyframeBytes = 48 * 1024 * 1024;
/** Seconds of throughput that wait for the next keyframe. */
export const maxWaitingSeconds = 120;
/** Events that one picture is folded from. */
export const maxFoldedEvents = 20_000;

/** How long to wait before the next picture of a cluster with this many partitions. */
export function keyframePauseMs(partitions: number): number {
  return Math.min(slowestKeyframeMs, keyframeEveryMs * Math.max(1, Math.ceil(partitions / partitionsAStep)));
}

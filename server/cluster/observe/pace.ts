// How often a cluster is looked at. What a look costs grows with the cluster, so a large one is looked at less often; and
// where nobody looks at the console, only as often as the record of the past needs it. Pure.

/** Whether a browser follows the live picture, pages are being read, or neither. */
export type Attention = 'live' | 'read' | 'none';

export interface ClusterSize {
  readonly partitions: number;
  readonly groups: number;
}

export interface Pace {
  /** From one look at the log ends to the next. */
  readonly offsetsMs: number;
  /** From one whole picture (brokers, topics, groups) to the next. */
  readonly pictureMs: number;
}

const secondMs = 1_000;
/** Partitions whose log ends may be asked every second. */
const cheapPartitions = 1_000;
/** Partitions and groups whose whole picture may be taken every two seconds. */
const cheapEntities = 2_000;
const slowestOffsetsMs = 15_000;
const slowestPictureMs = 10_000;
/** The record keeps a picture this often where nobody looks. */
const unwatchedPictureMs = 5_000;
/** Beyond a cheap cluster, every step of size makes the unwatched pace slower by this much. */
const unwatchedStepMs = 5_000;
/** Below the pause at which the history of partitions begins anew (`partition-history.ts`). */
export const slowestUnwatchedMs = 50_000;

export function paceOf({ partitions, groups }: ClusterSize, attention: Attention): Pace {
  const offsetSteps = steps(partitions, cheapPartitions);
  const pictureSteps = steps(partitions + groups, cheapEntities);
  if (attention === 'none')
    return {
      offsetsMs: offsetSteps === 1 ? secondMs : Math.min(slowestUnwatchedMs, unwatchedStepMs * offsetSteps),
      pictureMs: Math.min(slowestUnwatchedMs, unwatchedPictureMs * pictureSteps),
    };
  const watchedPictureMs = attention === 'live' ? 2 * secondMs : unwatchedPictureMs;
  return {
    offsetsMs: Math.min(slowestOffsetsMs, secondMs * offsetSteps),
    pictureMs: Math.min(Math.max(slowestPictureMs, watchedPictureMs), watchedPictureMs * pictureSteps),
  };
}

function steps(count: number, cheap: number): number {
  return Math.max(1, Math.ceil(count / cheap));
}

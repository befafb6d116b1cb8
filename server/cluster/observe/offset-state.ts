// What a committed offset says about the log it points into. A difference of two numbers is not a lag in every case: the
// records may be deleted, the log may be another one than the one that was read, and without a commit nobody but the
// client knows where it begins (auto.offset.reset). Each such case has a state of its own. Pure.

import type { OffsetState } from '../group-model.ts';

export interface OffsetPlace {
  readonly isCommitKnown: boolean;
  /** null: nothing is committed, if that is known. */
  readonly committedOffset: number | null;
  /** null: could not be asked. */
  readonly startOffset: number | null;
  readonly endOffset: number | null;
  /** False for a partition that is not in the cluster's metadata. */
  readonly exists: boolean;
}

export function offsetState({ isCommitKnown, committedOffset, startOffset, endOffset, exists }: OffsetPlace): OffsetState {
  if (!exists) return 'partition-gone';
  if (!isCommitKnown) return 'commit-unknown';
  if (startOffset === null || endOffset === null) return 'log-unknown';
  if (committedOffset === null) return startOffset === endOffset ? 'empty-log' : 'no-commit';
  if (committedOffset > endOffset) return 'past-log-end';
  if (committedOffset < startOffset) return 'below-log-start';
  return committedOffset === endOffset ? 'up-to-date' : 'behind';
}

/** Offsets between what is committed and the log's end, as far as they still exist; null where the state forbids to say. */
export function offsetLag(place: OffsetPlace): number | null {
  const { committedOffset, startOffset, endOffset } = place;
  switch (offsetState(place)) {
    case 'up-to-date':
    case 'empty-log':
      return 0;
    case 'behind':
    case 'below-log-start':
      return (endOffset ?? 0) - Math.max(committedOffset ?? 0, startOffset ?? 0);
    case 'no-commit':
    case 'past-log-end':
    case 'log-unknown':
    case 'commit-unknown':
    case 'partition-gone':
      return null;
  }
}

/** Over all partitions that exist; one whose lag is not known makes the sum unknown, as a sum of the rest would look exact. */
export function sumOfLags(offsets: readonly { readonly state: OffsetState; readonly lag: number | null }[]): number | null {
  let sum = 0;
  for (const { state, lag } of offsets) {
    if (state === 'partition-gone') continue;
    if (lag === null) return null;
    sum += lag;
  }
  return sum;
}

// Where a page's read begins and ends in each partition. Pure.
// 'newest' starts as many offsets before the end as records are wanted; where compaction or control batches left
// fewer records than offsets, the reader steps further back, window by window, until it has enough or meets the start.

import type { ReadPosition } from '../port.ts';

export interface PartitionBounds {
  readonly partition: number;
  readonly startOffset: number;
  readonly endOffset: number;
}

export interface ReadWindow {
  readonly partition: number;
  readonly fromOffset: number;
  /** Not included. */
  readonly toOffset: number;
}

/** `byTimestamp` holds, by partition, the first offset at or after the asked time; null when there is none. */
export function firstWindow(
  bounds: PartitionBounds,
  from: ReadPosition,
  options: { readonly limit: number; readonly byTimestamp: ReadonlyMap<number, number | null> },
): ReadWindow {
  const { partition, startOffset, endOffset } = bounds;
  switch (from.kind) {
    case 'newest':
      return { partition, fromOffset: Math.max(startOffset, endOffset - options.limit), toOffset: endOffset };
    case 'oldest':
      return { partition, fromOffset: startOffset, toOffset: endOffset };
    case 'offset':
      return { partition, fromOffset: clamp(from.offset, bounds), toOffset: endOffset };
    case 'timestamp':
      return { partition, fromOffset: clamp(options.byTimestamp.get(partition) ?? endOffset, bounds), toOffset: endOffset };
  }
}

/** The window before one that held too few records: each reaches twice as far back as the one before. */
export function earlierWindow(bounds: PartitionBounds, last: ReadWindow): ReadWindow | null {
  if (last.fromOffset <= bounds.startOffset) return null;
  const width = 2 * (last.toOffset - last.fromOffset);
  return { partition: bounds.partition, fromOffset: Math.max(bounds.startOffset, last.fromOffset - width), toOffset: last.fromOffset };
}

function clamp(offset: number, { startOffset, endOffset }: PartitionBounds): number {
  return Math.min(Math.max(offset, startOffset), endOffset);
}

// What compaction may touch and in which portions (pure). It never reaches the active segment, anything
// not yet stable or durable, or records younger than min.compaction.lag.ms: offsets never change, only
// records that a later one with the same key replaces go.

import type { LogConfig } from './log-config.ts';

export interface CleanableSegment {
  readonly baseOffset: number;
  readonly nextOffset: number;
  readonly sizeBytes: number;
  readonly maxTimestamp: number;
}

export interface CleanerState<Segment extends CleanableSegment> {
  /** Sealed segments, oldest first. */
  readonly sealed: readonly Segment[];
  readonly firstDirtyOffset: number;
  readonly lastStableOffset: number;
  readonly recoveryPoint: number;
  readonly nowMs: number;
}

export interface CleanPlan<Segment extends CleanableSegment> {
  /** Everything up to the end of the dirty part, the cleaned part included. */
  readonly segments: readonly Segment[];
  /** Keys are collected from here on. */
  readonly firstDirtyOffset: number;
  readonly endOffset: number;
}

/** Null while there is too little to gain. */
export function planCleaning<Segment extends CleanableSegment>(state: CleanerState<Segment>, config: LogConfig): CleanPlan<Segment> | null {
  const limit = Math.min(state.lastStableOffset, state.recoveryPoint);
  const blocked = state.sealed.findIndex(
    (segment) => segment.nextOffset > limit || state.nowMs - segment.maxTimestamp < config.minCompactionLagMs,
  );
  const segments = blocked < 0 ? state.sealed : state.sealed.slice(0, blocked);
  const endOffset = segments.at(-1)?.nextOffset ?? 0;
  if (endOffset <= state.firstDirtyOffset) return null;
  const dirty = segments.filter((segment) => segment.nextOffset > state.firstDirtyOffset);
  const isOverdue = dirty.some((segment) => segment.maxTimestamp >= 0 && state.nowMs - segment.maxTimestamp > config.maxCompactionLagMs);
  const isWorthwhile = sizeOf(dirty) > config.minCleanableDirtyRatio * sizeOf(segments);
  if (!isOverdue && !isWorthwhile) return null;
  return { segments, firstDirtyOffset: state.firstDirtyOffset, endOffset };
}

function sizeOf(segments: readonly CleanableSegment[]): number {
  return segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
}

const maxRelativeOffset = 2_147_483_647;

/** Runs of segments that together fit one: each run is written anew as a single segment. */
export function groupSegments<Segment extends CleanableSegment>(
  segments: readonly Segment[],
  segmentBytes: number,
): readonly (readonly Segment[])[] {
  const groups: Segment[][] = [];
  let size = 0;
  for (const segment of segments) {
    const current = groups.at(-1);
    const fits =
      current !== undefined && size + segment.sizeBytes <= segmentBytes && segment.nextOffset - current[0]!.baseOffset <= maxRelativeOffset;
    size = fits ? size + segment.sizeBytes : segment.sizeBytes;
    if (fits) current.push(segment);
    else groups.push([segment]);
  }
  return groups;
}

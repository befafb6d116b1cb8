// Which of the oldest segments may go (pure). Retention only takes whole segments from the front, so
// the log start never moves back and never leaves a hole, and it never passes the high watermark:
// what isn't committed can't be old.

export interface RetainedSegment {
  readonly baseOffset: number;
  readonly sizeBytes: number;
  /** Of the newest record; the file's own time when no record has one. */
  newestMs(): number;
}

export interface RetentionRule {
  readonly retentionMs: number;
  readonly retentionBytes: number;
  readonly deletes: boolean;
}

export interface RetentionState {
  /** Oldest first; the last one is active. */
  readonly segments: readonly RetainedSegment[];
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly highWatermark: number;
  readonly nowMs: number;
}

export type RetentionCause = 'log-start' | 'time' | 'size';

export interface RetentionPlan {
  /** How many segments go, from the oldest; the active one is rolled first when it is among them. */
  readonly count: number;
  readonly cause: RetentionCause;
}

/** The farthest of the three reasons wins; null when nothing may go. */
export function planRetention(state: RetentionState, rule: RetentionRule): RetentionPlan | null {
  const plans: RetentionPlan[] = [{ count: countBelowStart(state), cause: 'log-start' }];
  if (rule.deletes) plans.push({ count: countExpired(state, rule), cause: 'time' }, { count: countOversize(state, rule), cause: 'size' });
  const farthest = plans.reduce((best, plan) => (plan.count > best.count ? plan : best));
  return farthest.count === 0 ? null : farthest;
}

/** Counts leading segments that satisfy `goes` and end at or below the high watermark. */
function countLeading(state: RetentionState, goes: (segment: RetainedSegment, end: number) => boolean): number {
  let count = 0;
  for (const segment of state.segments) {
    const isActive = count === state.segments.length - 1;
    const end = isActive ? state.logEndOffset : state.segments[count + 1]!.baseOffset;
    if (isActive && segment.sizeBytes === 0) break;
    if (end > state.highWatermark || !goes(segment, end)) break;
    count++;
  }
  return count;
}

function countBelowStart(state: RetentionState): number {
  const isActive = (segment: RetainedSegment): boolean => segment === state.segments.at(-1);
  return countLeading(state, (segment, end) => !isActive(segment) && end <= state.logStartOffset);
}

function countExpired(state: RetentionState, rule: RetentionRule): number {
  if (rule.retentionMs < 0) return 0;
  return countLeading(state, (segment) => state.nowMs - segment.newestMs() > rule.retentionMs);
}

function countOversize(state: RetentionState, rule: RetentionRule): number {
  if (rule.retentionBytes < 0) return 0;
  let excess = state.segments.reduce((sum, segment) => sum + segment.sizeBytes, 0) - rule.retentionBytes;
  return countLeading(state, (segment) => {
    if (excess < segment.sizeBytes) return false;
    excess -= segment.sizeBytes;
    return true;
  });
}

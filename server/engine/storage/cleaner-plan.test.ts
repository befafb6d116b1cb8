// What compaction may touch: never what is open, unstable, not durable or too young; and portions that fit a segment.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupSegments, planCleaning, type CleanableSegment, type CleanerState } from './cleaner-plan.ts';
import { defaultLogConfig, type LogConfig } from './log-config.ts';

const config = (changes: Partial<LogConfig> = {}): LogConfig => ({ ...defaultLogConfig, compacts: true, ...changes });

const segment = (baseOffset: number, nextOffset: number, rest: Partial<CleanableSegment> = {}): CleanableSegment => ({
  baseOffset,
  nextOffset,
  sizeBytes: 100,
  maxTimestamp: 1_000,
  ...rest,
});

function threeSegments(changes: Partial<CleanerState<CleanableSegment>> = {}): CleanerState<CleanableSegment> {
  return {
    sealed: [segment(0, 10), segment(10, 20), segment(20, 30)],
    firstDirtyOffset: 0,
    lastStableOffset: 30,
    recoveryPoint: 30,
    nowMs: 10_000,
    ...changes,
  };
}

describe('what may be cleaned', () => {
  it.each([
    ['an open transaction', { lastStableOffset: 15 }],
    ['what is not yet durable', { recoveryPoint: 15 }],
  ])('ends before %s', (_what, changes) => {
    expect(planCleaning(threeSegments(changes), config())?.endOffset).toBe(10);
  });

  it('ends before the first segment that is younger than min.compaction.lag.ms', () => {
    const sealed = [segment(0, 10), segment(10, 20, { maxTimestamp: 9_500 }), segment(20, 30)];
    expect(planCleaning(threeSegments({ sealed }), config({ minCompactionLagMs: 1_000 }))?.endOffset).toBe(10);
  });

  it('waits until the dirty share is above the ratio', () => {
    const state = threeSegments({ firstDirtyOffset: 20 });
    expect(planCleaning(state, config({ minCleanableDirtyRatio: 0.34 }))).toBeNull();
    expect(planCleaning(state, config({ minCleanableDirtyRatio: 0.33 }))?.segments).toHaveLength(3);
  });

  it('does not wait for the ratio when max.compaction.lag.ms has passed', () => {
    const state = threeSegments({ firstDirtyOffset: 20 });
    expect(planCleaning(state, config({ minCleanableDirtyRatio: 1, maxCompactionLagMs: 8_999 }))).not.toBeNull();
    expect(planCleaning(state, config({ minCleanableDirtyRatio: 1, maxCompactionLagMs: 9_000 }))).toBeNull();
  });

  it('is nothing when all is clean, and nothing when nothing is sealed', () => {
    expect(planCleaning(threeSegments({ firstDirtyOffset: 30 }), config())).toBeNull();
    expect(planCleaning(threeSegments({ sealed: [] }), config())).toBeNull();
  });
});

describe('the portions', () => {
  const sizes = fc.array(fc.record({ sizeBytes: fc.integer({ min: 1, max: 900 }), records: fc.integer({ min: 1, max: 1_500_000_000 }) }), {
    maxLength: 15,
  });

  it('every segment is in one, in order; each fits a segment and a 32-bit relative offset', () => {
    fc.assert(
      fc.property(sizes, (parts) => {
        let end = 0;
        const segments = parts.map(({ sizeBytes, records }) => {
          const made = segment(end, end + records, { sizeBytes });
          end += records;
          return made;
        });
        const groups = groupSegments(segments, 1_000);
        expect(groups.flat()).toEqual(segments);
        for (const group of groups) {
          expect(group.reduce((sum, one) => sum + one.sizeBytes, 0)).toBeLessThanOrEqual(1_000);
          expect(group.at(-1)!.nextOffset - group[0]!.baseOffset).toBeLessThanOrEqual(2_147_483_647);
        }
      }),
    );
  });

  it('a segment that is above the limit by itself stands alone, and is not lost', () => {
    const segments = [segment(0, 10, { sizeBytes: 5_000 }), segment(10, 20), segment(20, 30)];
    expect(groupSegments(segments, 1_000).map((group) => group.length)).toEqual([1, 2]);
  });
});

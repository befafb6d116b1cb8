// Which segments go by age and size. A mistake here is data loss with nobody to notice, so each rule is held against
// what it promises and not against its own arithmetic.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRetention, type RetainedSegment, type RetentionRule, type RetentionState } from './retention.ts';

const segment = (baseOffset: number, sizeBytes: number, newest: number): RetainedSegment => ({
  baseOffset,
  sizeBytes,
  newestMs: () => newest,
});

const nothing: RetentionRule = { retentionMs: -1, retentionBytes: -1, deletes: true };

/** Three segments of ten offsets; the last is active. */
function threeSegments(changes: Partial<RetentionState> = {}): RetentionState {
  return {
    segments: [segment(0, 100, 1_000), segment(10, 100, 2_000), segment(20, 100, 3_000)],
    logStartOffset: 0,
    logEndOffset: 30,
    highWatermark: 30,
    nowMs: 10_000,
    ...changes,
  };
}

describe('by time', () => {
  it('takes what is older, and keeps what is exactly as old as allowed', () => {
    expect(planRetention(threeSegments(), { ...nothing, retentionMs: 8_999 })).toEqual({ count: 1, cause: 'time' });
    expect(planRetention(threeSegments(), { ...nothing, retentionMs: 9_000 })).toBeNull();
  });

  it('stops at the first young segment, though an old one follows: a log has no holes', () => {
    const state = threeSegments({ segments: [segment(0, 100, 9_900), segment(10, 100, 1), segment(20, 100, 1)] });
    expect(planRetention(state, { ...nothing, retentionMs: 1_000 })).toBeNull();
  });

  it('takes the active segment too once all of it is old', () => {
    expect(planRetention(threeSegments(), { ...nothing, retentionMs: 0 })).toEqual({ count: 3, cause: 'time' });
  });

  it('leaves an active segment in which nothing stands', () => {
    const state = threeSegments({ segments: [segment(0, 100, 1_000), segment(10, 0, 0)], logEndOffset: 10, highWatermark: 10 });
    expect(planRetention(state, { ...nothing, retentionMs: 0 })).toEqual({ count: 1, cause: 'time' });
  });
});

describe('by size', () => {
  it('takes a segment only when all of it is above the limit', () => {
    expect(planRetention(threeSegments(), { ...nothing, retentionBytes: 201 })).toBeNull();
    expect(planRetention(threeSegments(), { ...nothing, retentionBytes: 200 })).toEqual({ count: 1, cause: 'size' });
    expect(planRetention(threeSegments(), { ...nothing, retentionBytes: 199 })).toEqual({ count: 1, cause: 'size' });
  });
});

describe('whatever the rule', () => {
  it('a topic that is only compacted loses nothing but what DeleteRecords gave up', () => {
    const rule: RetentionRule = { retentionMs: 0, retentionBytes: 0, deletes: false };
    expect(planRetention(threeSegments(), rule)).toBeNull();
    expect(planRetention(threeSegments({ logStartOffset: 15 }), rule)).toEqual({ count: 1, cause: 'log-start' });
  });

  it('DeleteRecords to the very end leaves the active segment in place', () => {
    expect(planRetention(threeSegments({ logStartOffset: 30 }), nothing)).toEqual({ count: 2, cause: 'log-start' });
  });

  const logs = fc
    .array(fc.record({ records: fc.nat(20), sizeBytes: fc.nat(500), newest: fc.nat(10_000) }), { minLength: 1, maxLength: 12 })
    .chain((parts) => {
      let end = 0;
      const segments = parts.map(({ records, sizeBytes, newest }) => {
        const made = segment(end, records === 0 ? 0 : sizeBytes + 1, newest);
        end += records;
        return made;
      });
      const logEndOffset = end;
      return fc.record({
        segments: fc.constant(segments),
        logEndOffset: fc.constant(logEndOffset),
        highWatermark: fc.nat(logEndOffset),
        logStartOffset: fc.nat(logEndOffset),
        nowMs: fc.constant(10_000),
      });
    });
  const rules = fc.record({
    retentionMs: fc.integer({ min: -1, max: 10_000 }),
    retentionBytes: fc.integer({ min: -1, max: 3_000 }),
    deletes: fc.boolean(),
  });

  it('nothing above the high watermark goes, and nothing young that the size would allow', () => {
    fc.assert(
      fc.property(logs, rules, (state, rule) => {
        const plan = planRetention(state, rule);
        const count = plan?.count ?? 0;
        const taken = state.segments.slice(0, count);
        const end = state.segments[count]?.baseOffset ?? state.logEndOffset;
        if (count > 0) expect(end).toBeLessThanOrEqual(state.highWatermark);
        const total = state.segments.reduce((sum, one) => sum + one.sizeBytes, 0);
        let leftBytes = total;
        for (const [index, one] of taken.entries()) {
          leftBytes -= one.sizeBytes;
          const upTo = state.segments[index + 1]?.baseOffset ?? state.logEndOffset;
          const isOld = rule.deletes && rule.retentionMs >= 0 && state.nowMs - one.newestMs() > rule.retentionMs;
          const isOver = rule.deletes && rule.retentionBytes >= 0 && leftBytes >= rule.retentionBytes;
          const isGivenUp = upTo <= state.logStartOffset;
          expect(isOld || isOver || isGivenUp).toBe(true);
        }
      }),
    );
  });
});

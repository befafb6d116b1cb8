import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseThrottledReplicas, ReplicationQuota } from './replication-quota.ts';

function quotaOf(bytesPerSecond: number): ReplicationQuota {
  const quota = new ReplicationQuota({ samples: 11, sampleMs: 1_000 });
  quota.bytesPerSecond = bytesPerSecond;
  return quota;
}

describe('a replication quota', () => {
  it('lets everything pass until somebody sets a rate, and counts meanwhile', () => {
    const quota = new ReplicationQuota({ samples: 11, sampleMs: 1_000 });
    quota.record(1e12, 0);
    expect(quota.restMs(0)).toBe(0);
    quota.bytesPerSecond = 1_000;
    expect(quota.restMs(1)).toBeGreaterThan(0);
  });

  it('allows one sample’s worth at once, then rests until the rate is right again, and no longer', () => {
    const quota = quotaOf(1_000);
    quota.record(1_000, 0);
    expect(quota.restMs(0)).toBe(0);
    quota.record(500, 0);
    expect(quota.restMs(0)).toBe(500);
    expect(quota.restMs(1_499)).toBe(1);
    expect(quota.restMs(1_500)).toBe(0);
  });

  it('asks again after a sample at most: the rate may have been raised meanwhile', () => {
    const quota = quotaOf(10);
    quota.record(1_000_000, 0);
    expect(quota.restMs(0)).toBe(1_000);
    quota.bytesPerSecond = 1e9;
    expect(quota.restMs(0)).toBe(0);
  });

  it('forgets what lies behind its window', () => {
    const quota = quotaOf(10);
    quota.record(1_000_000, 0);
    expect(quota.restMs(11_000)).toBeGreaterThan(0);
    expect(quota.restMs(11_001)).toBe(0);
  });

  it('rate 0 stops everything once something has passed', () => {
    const quota = quotaOf(0);
    quota.record(1, 0);
    expect(quota.restMs(5_000)).toBe(1_000);
  });

  it('holds whoever obeys it to its rate, whatever the pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: 20, maxLength: 80 }), (pieces) => {
        const quota = quotaOf(1_000);
        let nowMs = 0;
        let total = 0;
        for (const bytes of pieces) {
          for (let restMs = quota.restMs(nowMs); restMs > 0; restMs = quota.restMs(nowMs)) nowMs += restMs;
          quota.record(bytes, nowMs);
          total += bytes;
        }
        // One piece too many may be under way whenever it rests, and each window may begin with one.
        expect(total).toBeLessThanOrEqual(1_000 * (nowMs / 1_000 + 1) + 4_000 * (Math.ceil(nowMs / 11_000) + 1));
      }),
    );
  });
});

describe('the list of throttled replicas', () => {
  it.each([
    ['*', 3, 9, true],
    ['0:1,3:9', 3, 9, true],
    ['0:1, 3:9', 0, 1, true],
    ['0:1,3:9', 3, 1, false],
    ['', 0, 0, false],
  ] as const)('%s: partition %i on broker %i is throttled: %s', (...[text, partition, brokerId, isThrottled]) => {
    expect(parseThrottledReplicas(text)?.(partition, brokerId)).toBe(isThrottled);
  });

  it.each(['0', '0:', ':1', '0:1;2:3', '*,0:1', 'all'])('%s is none', (text) => {
    expect(parseThrottledReplicas(text)).toBeNull();
  });
});

import { describe, expect, test } from 'vitest';
import { paceOf, slowestUnwatchedMs } from './pace.ts';

const small = { partitions: 18, groups: 3 };
const large = { partitions: 50_000, groups: 5_000 };

describe('the pace of looks', () => {
  test('is a second for rates and two for the live picture of a small cluster', () =>
    expect(paceOf(small, 'live')).toEqual({ offsetsMs: 1_000, pictureMs: 2_000 }));
  test('keeps the record of a small cluster every five seconds where nobody looks', () =>
    expect(paceOf(small, 'none')).toEqual({ offsetsMs: 1_000, pictureMs: 5_000 }));
  test('of a large cluster is most of a minute where nobody looks', () =>
    expect(paceOf(large, 'none')).toEqual({ offsetsMs: slowestUnwatchedMs, pictureMs: slowestUnwatchedMs }));
  test('of a large cluster never asks for everything every two seconds', () => {
    for (const attention of ['live', 'read'] as const) {
      expect(paceOf(large, attention).offsetsMs).toBeGreaterThanOrEqual(10_000);
      expect(paceOf(large, attention).pictureMs).toBeGreaterThanOrEqual(10_000);
    }
  });
  test.each([0, 18, 2_000, 18_000, 50_000, 150_000])('with %d partitions is never faster where fewer look', (partitions) => {
    const [live, read, none] = (['live', 'read', 'none'] as const).map((attention) => paceOf({ partitions, groups: 0 }, attention));
    expect(live!.pictureMs).toBeLessThanOrEqual(read!.pictureMs);
    expect(read!.pictureMs).toBeLessThanOrEqual(none!.pictureMs);
    expect(read!.offsetsMs).toBeLessThanOrEqual(none!.offsetsMs);
  });
});

import { expect, test } from 'vitest';
import { heapShortageOf } from './heap-need.ts';

const miB = 1024 * 1024;

test('a heap that holds the partitions a broker may be given is no matter', () => {
  expect(heapShortageOf(512 * miB, 25_000)).toBeNull();
  expect(heapShortageOf(128 * miB, 1_000)).toBeNull();
});

test('one that is too small for them is named, with what it would take and what else helps', () => {
  const shortage = heapShortageOf(200 * miB, 25_000);
  expect(shortage).toMatchObject({ heapLimitMiB: 200, partitionLimit: 25_000 });
  expect(shortage?.neededMiB).toBeGreaterThan(250);
  expect(shortage?.advice).toContain(`--max-old-space-size=${shortage?.neededMiB}`);
  expect(shortage?.advice).toContain('logarium.max.partitions.per.broker');
});

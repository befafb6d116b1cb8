import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReadPosition } from '../port.ts';
import { earlierWindow, firstWindow, type PartitionBounds } from './read-plan.ts';

const bounds: PartitionBounds = { partition: 1, startOffset: 100, endOffset: 200 };
const none = new Map<number, number | null>();
const windowOf = (from: ReadPosition, limit = 10, byTimestamp: ReadonlyMap<number, number | null> = none) =>
  firstWindow(bounds, from, { limit, byTimestamp });

test('the newest are looked for at the end, as many offsets as records are wanted', () => {
  expect(windowOf({ kind: 'newest' })).toEqual({ partition: 1, fromOffset: 190, toOffset: 200 });
  expect(windowOf({ kind: 'newest' }, 500)).toEqual({ partition: 1, fromOffset: 100, toOffset: 200 });
});

test('oldest, offset and time read forward to the end as it was when the page was asked for', () => {
  expect(windowOf({ kind: 'oldest' })).toMatchObject({ fromOffset: 100, toOffset: 200 });
  expect(windowOf({ kind: 'offset', offset: 150 })).toMatchObject({ fromOffset: 150, toOffset: 200 });
  expect(windowOf({ kind: 'timestamp', timestampMs: 1 }, 10, new Map([[1, 170]]))).toMatchObject({ fromOffset: 170, toOffset: 200 });
});

test('an offset outside of the log begins at its nearest end, and a time after the last record reads nothing', () => {
  expect(windowOf({ kind: 'offset', offset: 5 })).toMatchObject({ fromOffset: 100 });
  expect(windowOf({ kind: 'offset', offset: 5_000 })).toMatchObject({ fromOffset: 200, toOffset: 200 });
  expect(windowOf({ kind: 'timestamp', timestampMs: 1 }, 10, new Map([[1, null]]))).toMatchObject({ fromOffset: 200, toOffset: 200 });
});

test('stepping back covers every offset once, meets the start, and ends', () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.nat(100_000), fc.integer({ min: 1, max: 1_000 }), (startOffset, size, limit) => {
      const held = { partition: 0, startOffset, endOffset: startOffset + size };
      let window = firstWindow(held, { kind: 'newest' }, { limit, byTimestamp: none });
      let steps = 0;
      for (let earlier = earlierWindow(held, window); earlier !== null; earlier = earlierWindow(held, window)) {
        expect(earlier.toOffset).toBe(window.fromOffset);
        expect(earlier.fromOffset).toBeLessThan(earlier.toOffset);
        window = earlier;
        steps += 1;
      }
      expect(window.fromOffset).toBe(startOffset);
      expect(steps).toBeLessThan(20);
    }),
  );
});

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { maxMappingRuns, ReplayMapping } from './replay-mapping.ts';

const pair = (...[sourcePartition, sourceOffset, targetPartition, targetOffset]: readonly [number, number, number, number]) => ({
  sourcePartition,
  sourceOffset,
  targetPartition,
  targetOffset,
});

test('a straight copy of many records is one run', () => {
  const mapping = new ReplayMapping();
  for (let offset = 0; offset < 1_000; offset++) mapping.add(pair(0, 50 + offset, 0, offset));
  expect(mapping.runs(0, 10)).toEqual([{ ...pair(0, 50, 0, 0), count: 1_000 }]);
  expect(mapping.summaries()).toEqual([
    {
      sourcePartition: 0,
      targetPartition: 0,
      count: 1_000,
      firstSourceOffset: 50,
      lastSourceOffset: 1_049,
      firstTargetOffset: 0,
      lastTargetOffset: 999,
    },
  ]);
});

test('a gap on either side begins a new run, and partitions woven into each other keep their runs apart', () => {
  const mapping = new ReplayMapping();
  [pair(0, 0, 0, 0), pair(0, 1, 1, 0), pair(0, 2, 0, 1), pair(0, 3, 0, 2), pair(0, 4, 0, 9)].forEach((one) => mapping.add(one));
  expect(mapping.runs(0, 10)).toEqual([
    { ...pair(0, 0, 0, 0), count: 1 },
    { ...pair(0, 1, 1, 0), count: 1 },
    { ...pair(0, 2, 0, 1), count: 2 },
    { ...pair(0, 4, 0, 9), count: 1 },
  ]);
});

test('the runs say of every record exactly where it went', () => {
  const arbitraryPair = fc.record({ sourcePartition: fc.nat(2), targetPartition: fc.nat(2), sourceGap: fc.nat(2), targetGap: fc.nat(2) });
  fc.assert(
    fc.property(fc.array(arbitraryPair, { maxLength: 200 }), (steps) => {
      const [source, target] = [new Map<number, number>(), new Map<number, number>()];
      const mapping = new ReplayMapping();
      const sent = steps.map(({ sourcePartition, targetPartition, sourceGap, targetGap }) => {
        const one = pair(
          sourcePartition,
          (source.get(sourcePartition) ?? 0) + sourceGap,
          targetPartition,
          (target.get(targetPartition) ?? 0) + targetGap,
        );
        source.set(sourcePartition, one.sourceOffset + 1);
        target.set(targetPartition, one.targetOffset + 1);
        mapping.add(one);
        return one;
      });
      const told = mapping
        .runs(0, 1_000)
        .flatMap((run) =>
          Array.from({ length: run.count }, (_, index) =>
            pair(run.sourcePartition, run.sourceOffset + index, run.targetPartition, run.targetOffset + index),
          ),
        );
      const key = (one: ReturnType<typeof pair>): string => JSON.stringify(one);
      expect(told.map(key).sort()).toEqual(sent.map(key).sort());
      expect(mapping.summaries().reduce((sum, one) => sum + one.count, 0)).toBe(sent.length);
    }),
  );
});

test('more runs than are kept are admitted, and the summaries stay exact', () => {
  const mapping = new ReplayMapping();
  for (let index = 0; index < maxMappingRuns + 10; index++) mapping.add(pair(0, index * 2, 0, index));
  expect(mapping.runCount).toBe(maxMappingRuns);
  expect(mapping.isComplete).toBe(false);
  expect(mapping.summaries()[0]?.count).toBe(maxMappingRuns + 10);
});

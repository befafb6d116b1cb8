// Compaction pauses, and the log lives on meanwhile: whatever happens in a pause, the table that a reader ends up with stays
// what was written, and nothing half made is left behind.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import { append, openFixture, readRecords, record, type Fixture } from './testing/fixture.ts';

const config = { compacts: true, deletes: false, segmentBytes: 400, minCleanableDirtyRatio: 0, deleteRetentionMs: 1_000_000 };
const nowMs = 1_000_000;
const decoder = new TextDecoder();

interface Written {
  readonly offset: number;
  readonly key: string;
  readonly value: string;
}

/** A log and, beside it, what was written and still counts. */
function setUp(rounds = 12) {
  const fixture = openFixture({ config });
  let written: Written[] = [];
  let count = 0;
  const write = (key: string): void => {
    const value = `${count++}`.padStart(30, '.');
    written.push({ offset: fixture.log.logEndOffset, key, value });
    append(fixture.log, buildBatch([record(value, 1_000, key)]));
  };
  const settle = async (): Promise<void> => {
    await fixture.log.flush();
    fixture.log.updateHighWatermark(fixture.log.logEndOffset);
  };
  const operations = {
    write: async (number: number) => {
      write(`k${number % 4}`);
      await settle();
    },
    roll: () => Promise.resolve(fixture.log.roll(nowMs)),
    'delete-before': (number: number) => {
      const span = fixture.log.highWatermark - fixture.log.logStartOffset;
      fixture.log.deleteBefore(fixture.log.logStartOffset + (number % (span + 1)), 'snapshot');
      written = written.filter(({ offset }) => offset >= fixture.log.logStartOffset);
      return Promise.resolve();
    },
    /** A follower whose uncommitted end is not its leader's. */
    truncate: (number: number) => {
      for (let index = 0; index < number % 5; index++) write('uncommitted');
      fixture.log.truncateTo(fixture.log.highWatermark, nowMs);
      written = written.filter(({ offset }) => offset < fixture.log.logEndOffset);
      return Promise.resolve();
    },
    retain: () => {
      fixture.log.retain(nowMs);
      return Promise.resolve();
    },
    step: () => {
      fixture.manager.cleanStep(nowMs);
      return Promise.resolve();
    },
  };
  const fill = async (): Promise<void> => {
    for (let round = 0; round < rounds; round++) write(`k${round % 4}`);
    await settle();
    fixture.log.roll(nowMs);
    await settle();
  };
  return { fixture, operations, fill, expected: () => new Map(written.map(({ key, value }) => [key, value])) };
}

function table({ log }: Fixture): Map<string, string> {
  return new Map(readRecords(log).map(({ key, value }) => [decoder.decode(key!), decoder.decode(value!)]));
}

const leftOvers = ({ disk }: Fixture): string[] =>
  disk
    .list('/data/t-0')
    .map(({ name }) => name)
    .filter((name) => /\.(cleaned|swap)$/.test(name));

test('whatever happens in the pauses, the table stays what was written, now and after a crash', async () => {
  const operation = fc.record({
    what: fc.constantFrom('write', 'roll', 'delete-before', 'truncate', 'retain', 'step', 'step', 'step', 'step'),
    number: fc.nat(1_000),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 40 }), async (steps) => {
      const { fixture, operations, fill, expected } = setUp();
      await fill();
      for (const { what, number } of steps) {
        await operations[what as keyof typeof operations](number);
        expect(table(fixture)).toEqual(expected());
      }
      for (let rest = 0; rest < 200 && fixture.manager.isCleaning; rest++) fixture.manager.cleanStep(nowMs);
      expect(fixture.manager.isCleaning).toBe(false);
      expect(table(fixture)).toEqual(expected());
      expect(leftOvers(fixture)).toEqual([]);
      fixture.disk.restartAfterKill();
      expect(table(openFixture({ disk: fixture.disk, config }))).toEqual(expected());
    }),
    { numRuns: 400 },
  );
});

test('a step reads no more than a piece, and several lead to the end', async () => {
  const { fixture, fill } = setUp(40);
  await fill();
  const before = fixture.log.sizeBytes;
  let steps = 0;
  while (fixture.manager.cleanStep(nowMs)) steps++;
  expect(steps).toBeGreaterThan(10);
  expect(fixture.log.sizeBytes).toBeLessThan(before / 3);
});

test('a log that is deleted, and a broker that stops, end a compaction half-way and leave nothing of it', async () => {
  for (const how of ['delete', 'close'] as const) {
    const { fixture, fill, expected } = setUp(40);
    await fill();
    while (leftOvers(fixture).length === 0) fixture.manager.cleanStep(nowMs);
    expect(fixture.manager.isCleaning).toBe(true);
    if (how === 'delete') {
      fixture.manager.delete('t', 0, nowMs);
      expect(fixture.manager.cleanStep(nowMs)).toBe(false);
      expect(fixture.failures).toEqual([]);
    } else {
      await fixture.manager.close();
      expect(leftOvers(fixture)).toEqual([]);
      const again = openFixture({ disk: fixture.disk, config });
      expect([again.manager.wasClean, table(again)]).toEqual([true, expected()]);
    }
    expect(fixture.manager.isCleaning).toBe(false);
  }
});

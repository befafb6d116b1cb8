// Compaction: the last value of every key survives, tombstones and markers live out their time, offsets
// never change, and a crash at any step leaves either the old segments or the new one.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import { baseOffset, isControl, lastOffset, recordCount } from '#engine/protocol/records/batch.ts';
import { buildTransactionMarker } from '#engine/protocol/records/control-record.ts';
import { MachineStopped } from '#engine/sim/disk-machine.ts';
import type { SimDisk } from '#engine/sim/disk.ts';
import { nodeCompression } from '#engine/world/node/compression.ts';
import { groupSegments, planCleaning, type CleanableSegment } from './cleaner-plan.ts';
import { append, newDisk, openFixture, readBatches, readRecords, record, smallConfig, type Fixture } from './testing/fixture.ts';

const config = { compacts: true, deletes: false, segmentBytes: 600, minCleanableDirtyRatio: 0, deleteRetentionMs: 1000 };
/** A restart at every step: bound by the processor, so a busy machine may take its time. */
const patientMs = 300_000;
const decoder = new TextDecoder();
const nowMs = 1_000_000;

interface Entry {
  readonly key: string;
  readonly value: string | null;
}

function write(fixture: Fixture, entries: readonly Entry[], options: object = {}): void {
  const records = entries.map(({ key, value }) => ({ ...record(value ?? '', 1000, key), ...(value === null ? { value: null } : {}) }));
  append(fixture.log, buildBatch(records, { compression: nodeCompression, ...options }));
}

async function settle(fixture: Fixture): Promise<void> {
  fixture.log.roll(nowMs);
  await fixture.log.flush();
  fixture.log.updateHighWatermark(fixture.log.logEndOffset);
}

/** What a reader of the whole log ends up with. */
function table(fixture: Fixture): Map<string, string> {
  const rows = new Map<string, string>();
  for (const { key, value } of readRecords(fixture.log)) {
    if (key === null) continue;
    if (value === null) rows.delete(decoder.decode(key));
    else rows.set(decoder.decode(key), decoder.decode(value));
  }
  return rows;
}

const entry: fc.Arbitrary<Entry> = fc.record({
  key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  value: fc.option(fc.string({ maxLength: 60 }), { freq: 4 }),
});
const batches = fc.array(fc.tuple(fc.array(entry, { minLength: 1, maxLength: 5 }), fc.constantFrom('none', 'gzip', 'zstd')), {
  minLength: 1,
  maxLength: 25,
});

describe('compaction', () => {
  it('changes no table, no offset and no order, however often it runs', async () => {
    await fc.assert(
      fc.asyncProperty(batches, fc.integer({ min: 1, max: 3 }), async (written, rounds) => {
        const fixture = openFixture({ config });
        for (const [entries, codec] of written) write(fixture, entries, { codec });
        await settle(fixture);
        const rows = table(fixture);
        const known = new Map(readRecords(fixture.log).map((each) => [each.offset, each]));
        for (let round = 0; round < rounds; round++) fixture.manager.cleanOne(nowMs + round * 2000);
        expect(table(fixture)).toEqual(rows);
        for (const each of readRecords(fixture.log)) expect(plain(each)).toEqual(plain(known.get(each.offset)!));
        const offsets = readRecords(fixture.log).map(({ offset }) => offset);
        expect(offsets).toEqual(offsets.toSorted((left, right) => left - right));
        await fixture.manager.close();
        const again = openFixture({ disk: fixture.disk, config });
        expect(again.manager.wasClean).toBe(true);
        expect(table(again)).toEqual(rows);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps one record a key and gives the space back', async () => {
    const fixture = openFixture({ config });
    for (let round = 0; round < 30; round++)
      write(fixture, [
        { key: 'x', value: `${round}` },
        { key: 'y', value: `${round}` },
      ]);
    await settle(fixture);
    const before = fixture.log.sizeBytes;
    expect(fixture.manager.cleanOne(nowMs)).toBe(true);
    expect(readRecords(fixture.log)).toHaveLength(2);
    expect(fixture.log.sizeBytes).toBeLessThan(before / 10);
    fixture.manager.cleanOne(nowMs);
  });

  it('leaves the active segment, what is not stable and what is not durable alone', async () => {
    const fixture = openFixture({ config: { ...config, segmentBytes: 100_000 } });
    write(fixture, [{ key: 'x', value: '1' }]);
    write(fixture, [{ key: 'x', value: '2' }]);
    await fixture.log.flush();
    fixture.log.updateHighWatermark(2);
    expect(fixture.log.clean(nowMs)).toBe(null);
    fixture.log.roll(nowMs);
    fixture.log.updateHighWatermark(1);
    expect(fixture.log.clean(nowMs)).toBe(null);
    fixture.log.updateHighWatermark(2);
    expect(fixture.log.clean(nowMs)).not.toBe(null);
    expect(readRecords(fixture.log)).toHaveLength(1);
  });

  it('keeps a tombstone until its horizon has passed', async () => {
    const fixture = openFixture({ config });
    write(fixture, [{ key: 'gone', value: 'v' }]);
    write(fixture, [{ key: 'gone', value: null }]);
    await settle(fixture);
    fixture.manager.cleanOne(nowMs);
    expect(readRecords(fixture.log).map(({ value }) => value)).toEqual([null]);
    const cleanAt = async (at: number): Promise<number> => {
      write(fixture, [{ key: `other ${at}`, value: 'v' }]);
      await settle(fixture);
      fixture.manager.cleanOne(at);
      return readRecords(fixture.log).filter(({ value }) => value === null).length;
    };
    expect(await cleanAt(nowMs + 999)).toBe(1);
    expect(await cleanAt(nowMs + 1000)).toBe(0);
  });

  it("drops aborted data, keeps committed data with its marker, and a producer's last sequence", async () => {
    const fixture = openFixture({ config });
    const marker = (producerId: number, isCommit: boolean): void => {
      append(fixture.log, buildTransactionMarker({ producerId, producerEpoch: 0, coordinatorEpoch: 0, isCommit, timestamp: 1000 }), {
        origin: 'coordinator',
      });
    };
    const transaction = (producerId: number): object => ({
      isTransactional: true,
      producer: { producerId, producerEpoch: 0, baseSequence: 0 },
    });
    write(fixture, [{ key: 'k', value: 'before' }]);
    write(fixture, [{ key: 'k', value: 'aborted' }], transaction(1));
    write(fixture, [{ key: 'c', value: 'committed' }], transaction(2));
    marker(1, false);
    marker(2, true);
    await settle(fixture);
    for (let round = 0; round < 3; round++) {
      fixture.manager.cleanOne(nowMs + round * 5000);
      write(fixture, [{ key: 'next', value: `${round}` }]);
      await settle(fixture);
    }
    const kept = readBatches(fixture.log).filter(({ bytes }) => baseOffset(bytes, 0) < 5);
    const described = kept.map(({ bytes }) => [lastOffset(bytes, 0), recordCount(bytes, 0), isControl(bytes, 0)]);
    expect(described).toContainEqual([1, 0, false]);
    expect(described).toContainEqual([2, 1, false]);
    expect(described).toContainEqual([4, 1, true]);
    expect(described.some(([offset]) => offset === 3)).toBe(false);
    fixture.disk.restartAfterKill();
    const again = openFixture({ disk: fixture.disk, config });
    expect(again.log.producers.get(1)?.batches.at(-1)?.lastSequence).toBe(0);
  });
});

describe('a crash during compaction', () => {
  async function prepared(disk: SimDisk): Promise<Fixture> {
    const fixture = openFixture({ disk, config });
    for (let round = 0; round < 24; round++)
      write(fixture, [
        { key: `k${round % 5}`, value: `${round}`.repeat(20) },
        { key: `only ${round % 7}`, value: null },
      ]);
    await settle(fixture);
    return fixture;
  }

  it.each(['kill', 'power-loss'] as const)(
    'at every step (%s) leaves the same table and a log that goes on',
    async (kind) => {
      const dry = await prepared(newDisk());
      const rows = table(dry);
      const first = dry.disk.changes;
      dry.manager.cleanOne(nowMs);
      const steps = dry.disk.changes - first;
      expect(steps).toBeGreaterThan(30);
      for (let step = 0; step < steps; step++) {
        const disk = newDisk(step);
        const fixture = await prepared(disk);
        const end = fixture.log.logEndOffset;
        disk.stopAfter(step);
        expect(() => fixture.manager.cleanOne(nowMs)).toThrow(MachineStopped);
        if (kind === 'kill') disk.restartAfterKill();
        else disk.restartAfterPowerLoss();
        const again = openFixture({ disk, config });
        expect(again.manager.refused, `step ${step}`).toEqual([]);
        expect([table(again), again.log.logEndOffset], `step ${step}`).toEqual([rows, end]);
        expect(
          disk.list('/data/t-0').filter(({ name }) => /\.(cleaned|swap|deleted)$/.test(name)),
          `step ${step}`,
        ).toEqual([]);
        write(again, [{ key: 'after', value: 'the crash' }]);
        await settle(again);
        again.manager.cleanOne(nowMs);
        expect(table(again), `step ${step}`).toEqual(new Map([...rows, ['after', 'the crash']]));
      }
    },
    patientMs,
  );

  it('right after it, before any checkpoint, loses nothing even if the topic compacts no more', async () => {
    const disk = newDisk();
    const fixture = await prepared(disk);
    const rows = table(fixture);
    expect(fixture.log.clean(nowMs)).not.toBe(null);
    disk.restartAfterKill();
    const again = openFixture({ disk, config: { ...config, compacts: false } });
    expect([table(again), again.log.recoveryReport.cuts]).toEqual([rows, []]);
  });

  it('for want of disk space leaves the originals and says so', async () => {
    const disk = newDisk();
    const fixture = await prepared(disk);
    const rows = table(fixture);
    disk.failOnce({ operation: 'write', path: /\.log\.cleaned$/, code: 'no-space' });
    fixture.manager.cleanOne(nowMs);
    expect(fixture.facts).toContainEqual(expect.objectContaining({ kind: 'disk-full', directory: '/data' }));
    expect(table(fixture)).toEqual(rows);
    expect(fixture.manager.cleanOne(nowMs + 15_000)).toBe(true);
    expect(table(fixture)).toEqual(rows);
  });

  it('whose leftovers the disk refuses to remove fails the directory, and closes all the same', async () => {
    const disk = newDisk();
    const fixture = await prepared(disk);
    disk.failOnce({ operation: 'write', path: /\.log\.cleaned$/, code: 'no-space' });
    disk.failOnce({ operation: 'remove', path: /\.log\.cleaned$/, code: 'io' });
    fixture.manager.cleanOne(nowMs);
    expect(fixture.failures).toMatchObject([{ code: 'directory-failed' }]);
    await expect(fixture.manager.close()).resolves.toBeUndefined();
  });
});

describe('the plan', () => {
  const aged = (segment: CleanableSegment, maxTimestamp: number): CleanableSegment => ({ ...segment, maxTimestamp });
  const segment = (baseOffset: number, nextOffset: number, sizeBytes = 100): CleanableSegment => ({
    baseOffset,
    nextOffset,
    sizeBytes,
    maxTimestamp: 0,
  });
  const state = {
    sealed: [segment(0, 10), segment(10, 20), aged(segment(20, 30), 900)],
    firstDirtyOffset: 10,
    lastStableOffset: 30,
    recoveryPoint: 30,
    nowMs: 1000,
  };

  it.each([
    ['nothing in the way', { change: {}, rule: {}, end: 30 }],
    ['an open transaction', { change: { lastStableOffset: 25 }, rule: {}, end: 20 }],
    ['unsynced data', { change: { recoveryPoint: 20 }, rule: {}, end: 20 }],
    ['records too young', { change: {}, rule: { minCompactionLagMs: 500 }, end: 20 }],
    ['too little dirt', { change: {}, rule: { minCleanableDirtyRatio: 0.7 }, end: null }],
    ['little dirt that is overdue', { change: {}, rule: { minCleanableDirtyRatio: 0.7, maxCompactionLagMs: 50 }, end: 30 }],
    ['nothing dirty', { change: { firstDirtyOffset: 30 }, rule: {}, end: null }],
  ])('with %s ends where it may', (_name, { change, rule, end }) => {
    const plan = planCleaning({ ...state, ...change }, { ...smallConfig, minCleanableDirtyRatio: 0.1, ...rule });
    expect(plan?.endOffset ?? null).toBe(end);
  });

  it('groups segments up to the size of one', () => {
    expect(
      groupSegments([segment(0, 1, 60), segment(1, 2, 40), segment(2, 3, 1), segment(3, 4, 99)], 100).map((group) => group.length),
    ).toEqual([2, 2]);
    expect(groupSegments([segment(0, 1, 1), segment(1, 2 ** 31 + 5, 1)], 100)).toHaveLength(2);
  });
});

function plain({
  offset,
  timestamp,
  key,
  value,
}: {
  offset: number;
  timestamp: number;
  key: Uint8Array | null;
  value: Uint8Array | null;
}): object {
  return { offset, timestamp, key: key === null ? null : [...key], value: value === null ? null : [...value] };
}

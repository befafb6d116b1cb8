// One damaged log among healthy ones: it is reported once, skipped, and keeps none of the others from retention and compaction.
// A mistake of the program is no damage, and still ends the process.

import { describe, expect, it } from 'vitest';
import { crc32c } from '#engine/bytes/crc32c.ts';
import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import { SimDisk } from '#engine/sim/disk.ts';
import { seededRandom } from '#engine/sim/random.ts';
import { nodeCompression } from '#engine/world/node/compression.ts';
import type { OpenMode, RandomAccessFile } from '#engine/world/ports.ts';
import type { PartitionLog } from './partition-log.ts';
import { append, batchOf, openFixture, record, topicId, type Fixture, type FixtureOptions } from './testing/fixture.ts';

const nowMs = 1_000_000;
const intervals = { retentionMs: 10, checkpointMs: 10, highWatermarkMs: 10, cleanerMs: 10 };
const compacting: FixtureOptions = { config: { segmentBytes: 600, compacts: true, deletes: false, minCleanableDirtyRatio: 0 }, intervals };
const expiring: FixtureOptions = { config: { segmentBytes: 600, retentionMs: 10 }, intervals };

interface Logs extends Fixture {
  readonly first: PartitionLog;
  readonly damaged: PartitionLog;
  readonly last: PartitionLog;
}

function keyed(value: string): Uint8Array {
  return buildBatch([record(value, 1_000, 'k')], { compression: nodeCompression });
}

/** Three logs of one key and several segments; the one in the middle has a damaged segment, wherever it is looked for. */
async function setUp(options: FixtureOptions, damage = corruptSegment): Promise<Logs> {
  const fixture = openFixture(options);
  const { manager } = fixture;
  const [damaged, last] = ['u', 'v'].map((topic) => manager.create({ topic, partition: 0, topicId, nowMs }));
  const logs: Logs = { ...fixture, first: fixture.log, damaged: damaged!, last: last! };
  for (const log of [logs.first, logs.damaged, logs.last]) {
    for (let at = 0; at < 8; at++)
      append(log, at === 2 && log === logs.damaged && damage === unreadableRecords ? unreadable() : keyed(`${at}`.repeat(150)));
    log.updateHighWatermark(log.logEndOffset);
    await log.flush();
  }
  damage(logs);
  return logs;
}

function corruptSegment({ disk }: Fixture): void {
  const path = '/data/u-0/00000000000000000000.log';
  disk.corrupt(path, 16, Uint8Array.of(9)); // the magic of the first batch
}

/** The CRC is right, and so is the frame: an append takes what it never looks into. */
function unreadable(): Uint8Array {
  const bytes = keyed('2'.repeat(150));
  bytes[61] = 0x7f; // the length of the first record
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(17, crc32c(bytes, 21));
  return bytes;
}

function unreadableRecords(): void {}

function told(fixture: Fixture, kind: string): unknown[] {
  return fixture.facts.filter((fact) => fact.kind === kind);
}

describe('compaction', () => {
  it.each([
    { what: 'a damaged batch', damage: corruptSegment },
    { what: 'a batch whose records make no sense', damage: unreadableRecords },
  ])('that meets $what goes on with the other logs, and leaves that one alone', async ({ damage }) => {
    const logs = await setUp(compacting, damage);
    const { manager, damaged, failures } = logs;
    for (let tick = 1; tick < 60; tick++) manager.tick(nowMs + tick * 100);
    expect([logs.first.firstDirtyOffset > 0, damaged.firstDirtyOffset, logs.last.firstDirtyOffset > 0]).toEqual([true, 0, true]);
    expect(told(logs, 'log-uncleanable')).toEqual([expect.objectContaining({ topic: 'u', partition: 0 })]);
    expect(told(logs, 'log-damaged')).toEqual([
      expect.objectContaining({ topic: 'u', path: expect.stringMatching(/^\/data\/u-0\/.*\.log$/) }),
    ]);
    expect(failures).toEqual([]);
    for (let at = 0; at < 8; at++) append(damaged, keyed('w'.repeat(150)));
    expect(damaged.logEndOffset).toBe(16);
  });

  it('tries such a log again after a restart', async () => {
    const logs = await setUp(compacting);
    logs.manager.cleanOne(nowMs);
    logs.manager.cleanOne(nowMs);
    await logs.manager.close();
    const again = openFixture({ ...compacting, disk: logs.disk });
    while (again.manager.cleanOne(nowMs));
    expect(told(again, 'log-uncleanable')).toHaveLength(1);
  });

  it('that finds no room lets the log rest and goes on with the others', async () => {
    const logs = await setUp(compacting, unreadableRecords);
    logs.disk.failOnce({ operation: 'write', path: /t-0\/.*\.cleaned$/, code: 'no-space' });
    logs.manager.cleanStep(nowMs);
    while (logs.manager.isCleaning) logs.manager.cleanStep(nowMs);
    expect([logs.first.firstDirtyOffset, told(logs, 'log-uncleanable')]).toEqual([0, []]);
    while (logs.manager.cleanStep(nowMs));
    expect([logs.first.firstDirtyOffset, logs.last.firstDirtyOffset > 0]).toEqual([0, true]);
    while (logs.manager.cleanStep(nowMs + intervals.cleanerMs));
    expect(logs.first.firstDirtyOffset).toBeGreaterThan(0);
  });

  it.each(['opened', 'read'])('of a file that cannot be %s fails the directory, and nothing else comes out', async (what) => {
    const logs = await setUp(compacting, unreadableRecords);
    logs.manager.cleanStep(nowMs);
    if (what === 'opened') logs.disk.failOnce({ operation: 'open', path: /\.log$/, code: 'io' });
    else logs.disk.failOnce({ operation: 'read', path: /\.log$/, code: 'io' });
    for (let tick = 1; tick < 60; tick++) logs.manager.tick(nowMs + tick * 100);
    expect(logs.failures).toMatchObject([{ code: 'directory-failed' }]);
  });

  it('that meets a mistake of the program throws it', async () => {
    class Broken extends SimDisk {
      override open(path: string, mode: OpenMode): RandomAccessFile {
        if (path.endsWith('.cleaned')) throw new TypeError('a mistake');
        return super.open(path, mode);
      }
    }
    const { manager } = await setUp({ ...compacting, disk: new Broken({ random: seededRandom(1) }) });
    expect(() => {
      for (let tick = 1; tick < 60; tick++) manager.tick(nowMs + tick * 100);
    }).toThrow(TypeError);
  });
});

describe('retention', () => {
  it('goes on with the other logs, and reports the damaged one once', async () => {
    const logs = await setUp(expiring, (fixture) => {
      corruptSegment(fixture);
      // Without its index the age of the segment has to be read from the damaged file.
      for (const kind of ['index', 'timeindex']) fixture.disk.remove(`/data/u-0/00000000000000000000.${kind}`);
    });
    for (let tick = 1; tick < 10; tick++) logs.manager.tick(nowMs + tick * 1_000);
    expect([logs.first.logStartOffset, logs.damaged.logStartOffset, logs.last.logStartOffset]).toEqual([8, 0, 8]);
    expect([told(logs, 'log-damaged').length, logs.failures]).toEqual([1, []]);
  });
});

describe('serving', () => {
  it('reports damage once, whoever meets it, and the rest of the log stays served', async () => {
    const logs = await setUp(expiring);
    const read = (offset: number): unknown => logs.damaged.read({ offset, maxBytes: 100, maxOffset: 8, minOneBatch: true });
    for (let at = 0; at < 3; at++) expect(() => read(0)).toThrow(expect.objectContaining({ code: 'corrupt-log' }));
    expect(told(logs, 'log-damaged')).toEqual([expect.objectContaining({ kind: 'log-damaged', topic: 'u', partition: 0 })]);
    expect(read(7)).toMatchObject({ outcome: 'read' });
    append(logs.damaged, batchOf(['still taken']));
    expect(logs.failures).toEqual([]);
  });

  it('by time meets records that make no sense as damage, not as a mistake of the program', async () => {
    const logs = await setUp(expiring, unreadableRecords);
    expect(() => logs.damaged.offsetForTimestamp(0)).not.toThrow(TypeError);
    logs.damaged.deleteBefore(2);
    expect(() => logs.damaged.offsetForTimestamp(1_000)).toThrow(expect.objectContaining({ code: 'corrupt-log' }));
    expect(told(logs, 'log-damaged')).toHaveLength(1);
  });

  it('a log that is refused at the start is reported too', async () => {
    const logs = await setUp(expiring, () => {});
    await logs.manager.close();
    const active = logs.disk
      .list('/data/u-0')
      .filter(({ name }) => name.endsWith('.log'))
      .at(-1)!.name;
    logs.disk.corrupt(`/data/u-0/${active}`, logs.disk.sizeBytes(`/data/u-0/${active}`) - 3, Uint8Array.of(9));
    const again = openFixture({ ...expiring, disk: logs.disk });
    expect(told(again, 'log-damaged')).toEqual([expect.objectContaining({ topic: 'u', partition: 0 })]);
  });
});

it('met by a truncation that has cut the file already takes the directory offline: memory would keep an end that is gone', async () => {
  const { disk, log, failures } = openFixture();
  for (let at = 0; at < 3; at++) append(log, batchOf([`${at}`]));
  await log.flush();
  disk.corrupt('/data/t-0/00000000000000000000.log', 16, Uint8Array.of(9));
  expect(() => log.truncateTo(2, nowMs)).toThrow(expect.objectContaining({ code: 'directory-failed' }));
  expect(() => append(log, batchOf(['behind a hole']))).toThrow(expect.objectContaining({ code: 'directory-failed' }));
  expect(failures).toHaveLength(1);
});

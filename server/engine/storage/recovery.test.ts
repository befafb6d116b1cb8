// Trap list "Log and recovery", 10 to 12: torn tails, damage in the middle, indexes that lie, leftovers.

import { describe, expect, it } from 'vitest';
import { offsetName } from './file-names.ts';
import { append, batchOf, dataPath, newDisk, openFixture, readBatches, valuesOf, type Fixture } from './testing/fixture.ts';
import type { SimDisk } from '#engine/sim/disk.ts';

const firstLog = `${dataPath}/t-0/${offsetName(0)}.log`;

/** Three batches of two records; the values are their offsets. */
function written(config = {}): Fixture {
  const fixture = openFixture({ config });
  for (let offset = 0; offset < 6; offset += 2) append(fixture.log, batchOf([`${offset}`, `${offset + 1}`]));
  return fixture;
}

function reopen(disk: SimDisk, config = {}): Fixture {
  disk.restartAfterKill();
  return openFixture({ disk, config });
}

function overwriteTail(disk: SimDisk, keep: number, tail: Uint8Array): void {
  const file = disk.open(firstLog, 'read-write');
  file.truncate(keep);
  if (tail.length > 0) file.write([tail], keep);
  file.syncNow();
  file.close();
}

describe('a torn tail after a crash', () => {
  it('is cut to the last whole batch, whatever byte the last batch was torn at', () => {
    const { log } = written();
    const sizes = readBatches(log).map(({ bytes }) => bytes.length);
    const lastStart = sizes[0]! + sizes[1]!;
    for (let cut = lastStart; cut < lastStart + sizes[2]!; cut++) {
      const torn = written();
      overwriteTail(torn.disk, cut, new Uint8Array(0));
      const { log: recovered } = reopen(torn.disk);
      expect(recovered.logEndOffset).toBe(4);
      expect(valuesOf(recovered)).toEqual(['0', '1', '2', '3']);
      expect(recovered.recoveryReport.cuts.length).toBe(cut === lastStart ? 0 : 1);
    }
  });

  it('names file, place, size and reason of what was cut', () => {
    const torn = written();
    const size = torn.disk.sizeBytes(firstLog);
    overwriteTail(torn.disk, size, new Uint8Array(37).fill(0x55));
    const { log } = reopen(torn.disk);
    expect(log.recoveryReport.cuts).toEqual([
      { file: firstLog, position: size, removedBytes: 37, reason: 'truncated', hadValidBatchesBehind: false },
    ]);
    expect(torn.disk.sizeBytes(firstLog)).toBe(size);
  });

  it.each([61, 512, 4096])('of %i zero bytes, as a power loss leaves it, is cut', (zeros) => {
    const torn = written();
    const size = torn.disk.sizeBytes(firstLog);
    overwriteTail(torn.disk, size, new Uint8Array(zeros));
    const { log } = reopen(torn.disk);
    expect(log.logEndOffset).toBe(6);
    expect(log.recoveryReport.cuts[0]).toMatchObject({ position: size, removedBytes: zeros });
  });

  it('of foreign bytes that look like a header is cut, and appends go on behind the last batch', () => {
    const torn = written();
    const size = torn.disk.sizeBytes(firstLog);
    const garbage = new Uint8Array(300).fill(0xab);
    garbage[16] = 2;
    overwriteTail(torn.disk, size, garbage);
    const { log } = reopen(torn.disk);
    append(log, batchOf(['6']));
    expect(valuesOf(log)).toEqual(['0', '1', '2', '3', '4', '5', '6']);
  });

  it('says so when whole batches stood behind a damaged one: pages reached the disk out of order', () => {
    const torn = written();
    const first = readBatches(torn.log)[0]!.bytes.length;
    torn.disk.corrupt(firstLog, first + 70, Uint8Array.of(0xff));
    const { log } = reopen(torn.disk);
    expect(log.logEndOffset).toBe(2);
    expect(log.recoveryReport.cuts[0]).toMatchObject({ position: first, reason: 'bad-crc', hadValidBatchesBehind: true });
  });

  it('keeps the high watermark within the log that is left', () => {
    const torn = written();
    torn.log.updateHighWatermark(6);
    torn.manager.checkpoint();
    overwriteTail(torn.disk, 10, new Uint8Array(0));
    const { log } = reopen(torn.disk);
    expect([log.logStartOffset, log.highWatermark, log.logEndOffset]).toEqual([0, 0, 0]);
  });
});

describe('damage that no crash explains', () => {
  it('in a log that was shut down cleanly is refused with file and byte, and nothing is cut', async () => {
    const { disk, manager } = written();
    await manager.close();
    const before = disk.readAll(firstLog);
    disk.corrupt(firstLog, before.length - 3, Uint8Array.of(0xee));
    const damaged = disk.readAll(firstLog);
    const again = openFixture({ disk });
    expect(again.manager.refused).toHaveLength(1);
    expect(again.manager.refused[0]!.error.message).toContain(firstLog);
    expect(again.manager.refused[0]!.error.message).toMatch(/at byte \d+/);
    expect(Buffer.compare(disk.readAll(firstLog), damaged)).toBe(0);
  });

  it('in flushed bytes is refused even after a crash', async () => {
    const { disk, log, manager } = written();
    await log.flush();
    manager.checkpoint();
    disk.corrupt(firstLog, 70, Uint8Array.of(0xff));
    const again = reopen(disk);
    expect(again.manager.refused[0]!.error.code).toBe('corrupt-log');
    expect(again.manager.refused[0]!.error.message).toContain('offset 0 was flushed');
  });

  it('keeps a directory with a refused log from ever looking cleanly shut', async () => {
    const { disk, manager } = written();
    await manager.close();
    disk.corrupt(firstLog, 70, Uint8Array.of(0xff));
    const again = openFixture({ disk });
    await again.manager.close();
    expect(openFixture({ disk }).manager.wasClean).toBe(false);
  });

  it('found while reading a sealed segment names the file and the byte', async () => {
    const { disk, log } = openFixture();
    for (let batch = 0; batch < 40; batch++) append(log, batchOf(['x'.repeat(300)]));
    await log.flush();
    disk.corrupt(firstLog, 16, Uint8Array.of(9));
    expect(() => log.read({ offset: 0, maxBytes: 1000, maxOffset: log.logEndOffset, minOneBatch: true })).toThrow(
      new RegExp(`byte 0 \\(${firstLog}`),
    );
  });
});

describe('a clean shutdown', () => {
  it('lets the next start believe everything without a scan', async () => {
    const { disk, manager } = written();
    await manager.close();
    const { manager: again, log } = openFixture({ disk });
    expect(again.wasClean).toBe(true);
    expect(log.recoveryReport.cuts).toEqual([]);
    expect(valuesOf(log)).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  it('is only believed once: a crash right after the next start is a crash', async () => {
    const { disk, manager } = written();
    await manager.close();
    openFixture({ disk });
    expect(reopen(disk).manager.wasClean).toBe(false);
  });
});

describe('index files', () => {
  async function sealed(): Promise<Fixture> {
    const fixture = openFixture();
    for (let batch = 0; batch < 60; batch++) append(fixture.log, batchOf(['x'.repeat(200)], { timestamp: 1000 + batch * 10 }));
    await fixture.manager.close();
    return fixture;
  }

  const damages: readonly [string, (disk: SimDisk, path: string) => void][] = [
    [
      'missing',
      (disk, path) => {
        disk.remove(path);
      },
    ],
    [
      'torn',
      (disk, path) => {
        const file = disk.open(path, 'read-write');
        file.truncate(file.sizeBytes() - 3);
        file.close();
      },
    ],
    [
      'bogus',
      (disk, path) => {
        disk.corrupt(path, 0, new Uint8Array(8).fill(0xff));
      },
    ],
    [
      'zeroed',
      (disk, path) => {
        disk.corrupt(path, 0, new Uint8Array(disk.sizeBytes(path)));
      },
    ],
    [
      'longer than the log',
      (disk, path) => {
        disk.corrupt(
          path,
          disk.sizeBytes(path),
          Uint8Array.of(0x7f, 0, 0, 0, 0x7f, 0, 0, 0, 0x7f, 0, 0, 0, 0x7f, 0, 0, 0, 0x7f, 0, 0, 0, 0x7f, 0, 0, 0),
        );
      },
    ],
  ];

  it.each(
    damages.flatMap(
      ([name, damage]) =>
        [
          [name, 'index', damage],
          [name, 'timeindex', damage],
        ] as const,
    ),
  )('%s (.%s) are built anew, the same as before', async (_name, kind, damage) => {
    const { disk } = await sealed();
    const path = `${dataPath}/t-0/${offsetName(0)}.${kind}`;
    const before = disk.readAll(path);
    damage(disk, path);
    const { log } = openFixture({ disk });
    expect(log.read({ offset: 7, maxBytes: 300, maxOffset: 8, minOneBatch: true })).toMatchObject({ nextOffset: 8 });
    expect(log.offsetForTimestamp(1055)).toMatchObject({ offset: 6, timestamp: 1060 });
    expect(Buffer.compare(disk.readAll(path), before)).toBe(0);
  });
});

describe('leftovers of a crash', () => {
  it('half deleted segments and orphaned indexes go', () => {
    const { disk } = written();
    disk.rename(firstLog, `${dataPath}/t-0/${offsetName(900)}.log.deleted`);
    disk.open(`${dataPath}/t-0/${offsetName(500)}.index`, 'create').close();
    const { log } = reopen(disk);
    expect(log.logEndOffset).toBe(0);
    expect(
      disk
        .list(`${dataPath}/t-0`)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([`${offsetName(0)}.log`, 'partition.metadata']);
    expect(log.recoveryReport.removedFiles.map(({ reason }) => reason)).toEqual(['deletion was under way', 'an index without a log']);
  });

  it('a log start behind the log end means that everything was deleted', () => {
    const { disk, log, manager } = written();
    log.updateHighWatermark(6);
    log.deleteBefore(5);
    manager.checkpoint();
    overwriteTail(disk, 0, new Uint8Array(0));
    const { log: again } = reopen(disk);
    expect([again.logStartOffset, again.logEndOffset]).toEqual([5, 5]);
    append(again, batchOf(['goes on']));
    expect(again.logEndOffset).toBe(6);
  });

  it('records that were deleted and never flushed go with a power loss, and the log is still opened', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const disk = newDisk(seed);
      const { log, manager } = openFixture({ disk });
      append(log, batchOf(['0']));
      await log.flush();
      for (let offset = 1; offset < 6; offset++) append(log, batchOf([`${offset}`]));
      log.updateHighWatermark(6);
      log.deleteBefore(4);
      manager.checkpoint();
      disk.restartAfterPowerLoss();
      const { log: again, manager: opened } = openFixture({ disk });
      expect(opened.refused, `seed ${seed}`).toEqual([]);
      expect(again.logStartOffset, `seed ${seed}`).toBe(4);
      append(again, batchOf(['goes on']));
      expect(valuesOf(again).at(-1), `seed ${seed}`).toBe('goes on');
    }
  });

  it('DeleteRecords is still in force after kill -9', () => {
    const { disk, log } = written();
    log.updateHighWatermark(6);
    log.deleteBefore(3);
    const { log: again } = reopen(disk);
    expect(again.logStartOffset).toBe(3);
    expect(again.read({ offset: 2, maxBytes: 100, maxOffset: 6, minOneBatch: true })).toEqual({ outcome: 'out-of-range' });
  });
});

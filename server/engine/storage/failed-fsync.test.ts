// An fsync that failed, whichever one and whatever its reason: the kernel may have dropped the pages, so the log directory is
// offline for good and nothing of it counts as durable any more. A write that finds no room is another matter.

import { describe, expect, it } from 'vitest';
import type { DiskFault } from '#engine/sim/disk-faults.ts';
import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import { nodeCompression } from '#engine/world/node/compression.ts';
import type { FileErrorCode } from '#engine/world/ports.ts';
import { append, batchOf, newDisk, openFixture, record, topicId, valuesOf, type Fixture, type FixtureOptions } from './testing/fixture.ts';

interface Case {
  readonly what: string;
  readonly fault: Omit<DiskFault, 'code'>;
  readonly options?: Omit<FixtureOptions, 'disk'>;
  /** Appends and whatever else must stand before the fsync that fails. */
  readonly before?: (fixture: Fixture) => void | Promise<void>;
  /** Makes that fsync happen; its failure may come out or not. */
  readonly act: (fixture: Fixture) => unknown;
}

const compacting = { config: { segmentBytes: 600, compacts: true, minCleanableDirtyRatio: 0, minCompactionLagMs: 0 } } as const;

function fillSegments({ log }: Fixture): void {
  for (let at = 0; at < 8; at++) append(log, batchOf(['v'.repeat(150)]));
}

function fillKeyed({ log }: Fixture): void {
  for (let at = 0; at < 8; at++) append(log, buildBatch([record('v'.repeat(150), 1000, 'k')], { compression: nodeCompression }));
}

const cases: readonly Case[] = [
  { what: 'of the active segment', fault: { operation: 'sync', path: /\.log$/ }, act: ({ log }) => log.flush() },
  {
    what: 'of a sealed segment',
    fault: { operation: 'sync', path: /00\.log$/ },
    options: { config: { segmentBytes: 600 } },
    act: (fixture) => {
      fillSegments(fixture);
      return fixture.log.flush();
    },
  },
  {
    what: 'of an index',
    fault: { operation: 'sync', path: /\.timeindex$/ },
    options: { config: { segmentBytes: 600 } },
    before: fillSegments,
    act: ({ log }) => log.flush(),
  },
  { what: 'of the topic id', fault: { operation: 'sync', path: /partition\.metadata$/ }, act: ({ log }) => log.flush() },
  { what: "of the partition's directory", fault: { operation: 'sync-directory', path: /t-0$/ }, act: ({ log }) => log.flush() },
  { what: 'of the leader epochs', fault: { operation: 'sync', path: /leader-epoch-checkpoint\.tmp$/ }, act: ({ log }) => log.flush() },
  {
    what: 'that nobody waits for, after a segment is sealed',
    fault: { operation: 'sync', path: /\.log$/ },
    act: ({ log }) => {
      log.roll(1_000_000);
    },
  },
  {
    what: 'that flush.ms asked for',
    fault: { operation: 'sync', path: /\.log$/ },
    options: { config: { flushMs: 10 } },
    act: ({ manager }) => {
      manager.tick(1_000_100);
    },
  },
  {
    what: 'of a checkpoint',
    fault: { operation: 'sync', path: /recovery-point-offset-checkpoint\.tmp$/ },
    before: ({ log }) => log.flush(),
    act: ({ manager }) => {
      manager.checkpoint();
    },
  },
  {
    what: 'of the high watermarks, in the background',
    fault: { operation: 'sync', path: /replication-offset-checkpoint\.next$/ },
    options: { intervals: { highWatermarkMs: 10 } },
    act: ({ manager, log }) => {
      log.updateHighWatermark(1);
      manager.tick(1_000_100);
    },
  },
  {
    what: "of the partition's directory after a truncation",
    fault: { operation: 'sync-directory', path: /t-0$/ },
    act: ({ log }) => log.truncateTo(0, 1_000_000),
  },
  {
    what: 'of a cut within a segment',
    fault: { operation: 'sync', path: /\.log$/ },
    before: ({ log }) => void append(log, batchOf(['b'])),
    act: ({ log }) => log.truncateTo(1, 1_000_000),
  },
  {
    what: 'of a compacted segment',
    fault: { operation: 'sync', path: /\.cleaned$/ },
    options: compacting,
    before: async (fixture) => {
      fillKeyed(fixture);
      fixture.log.updateHighWatermark(fixture.log.logEndOffset);
      await fixture.log.flush();
    },
    act: ({ log }) => log.clean(1_000_000),
  },
  {
    what: "of the log directory when a topic's log goes",
    fault: { operation: 'sync-directory', path: /^\/data$/ },
    act: ({ manager }) => {
      manager.delete('t', 0, 1_000_000);
    },
  },
];

const reasons: readonly FileErrorCode[] = ['no-space', 'io'];

describe.each(reasons)('a failed fsync (%s)', (code) => {
  it.each(cases)('$what takes the log directory offline for good', async ({ fault, options, before, act }) => {
    const fixture = openFixture(options);
    const { disk, manager, log, failures } = fixture;
    append(log, batchOf(['a']));
    await before?.(fixture);
    const { recoveryPoint } = log;
    disk.failOnce({ ...fault, code });
    await Promise.allSettled([(async () => act(fixture))()]);
    await expect(log.flush()).rejects.toMatchObject({ code: 'directory-failed' });
    expect(log.recoveryPoint).toBeLessThanOrEqual(recoveryPoint);
    expect(() => append(log, batchOf(['b']))).toThrow(expect.objectContaining({ code: 'directory-failed' }));
    expect(() => {
      manager.checkpoint();
    }).toThrow(expect.objectContaining({ code: 'directory-failed' }));
    expect(failures).toHaveLength(1);
  });
});

/** What of the failed fsync reaches the device is the seed's matter: nothing, or some sectors. */
const seeds = Array.from({ length: 16 }, (_, index) => index + 1);

describe.each(reasons)('a process that starts again behind a failed fsync (%s)', (code) => {
  it.each(cases)('$what keeps through a power loss what it flushes, whatever the page cache alone still had', async (step) => {
    for (const seed of seeds) {
      const disk = newDisk(seed);
      const fixture = openFixture({ ...step.options, disk });
      append(fixture.log, batchOf(['a']));
      await step.before?.(fixture);
      disk.failOnce({ ...step.fault, code });
      await Promise.allSettled([(async () => step.act(fixture))()]);
      // Nobody mounts the file system anew: the pages that were not written are clean, and answer every read.
      disk.restartAfterKill();
      const next = openFixture({ ...step.options, disk });
      append(next.log, batchOf(['b']));
      await next.log.flush();
      next.manager.checkpoint();
      const flushed = valuesOf(next.log);
      disk.restartAfterPowerLoss();
      const { log, manager } = openFixture({ ...step.options, disk });
      expect(manager.refused, `seed ${seed}`).toEqual([]);
      expect({ topicId: log.topicId, values: valuesOf(log) }, `seed ${seed}`).toEqual({ topicId, values: flushed });
    }
  });
});

describe('a checkpoint whose name no fsync has covered', () => {
  it('is made durable by the next start, which builds upon it', async () => {
    for (const seed of seeds) {
      const disk = newDisk(seed);
      const { log, manager } = openFixture({ disk });
      for (let offset = 0; offset < 10; offset++) append(log, batchOf([`${offset}`]));
      await log.flush();
      manager.checkpoint();
      disk.failOnce({ operation: 'sync-directory', path: /^\/data$/, code: 'io' });
      expect(() => log.truncateTo(5, 1_000_000)).toThrow(expect.objectContaining({ code: 'directory-failed' }));
      disk.restartAfterKill();
      const next = openFixture({ disk });
      next.log.truncateTo(7, 1_000_000);
      append(next.log, batchOf(['never flushed'.repeat(100)]));
      disk.restartAfterPowerLoss();
      const last = openFixture({ disk });
      expect(last.manager.refused, `seed ${seed}`).toEqual([]);
      expect(last.log.logEndOffset, `seed ${seed}`).toBeGreaterThanOrEqual(7);
    }
  });
});

describe('a full disk that a write meets', () => {
  it('while a checkpoint is written leaves the last one and the directory online', () => {
    const { disk, manager, log, failures } = openFixture();
    disk.failOnce({ operation: 'write', path: /recovery-point-offset-checkpoint\.tmp$/, code: 'no-space' });
    expect(() => {
      manager.checkpoint();
    }).toThrow(expect.objectContaining({ code: 'disk-full' }));
    append(log, batchOf(['still served']));
    manager.checkpoint();
    expect(failures).toHaveLength(0);
  });

  it('while leader epochs are written: the flush syncs nothing and moves nothing, and the next one does', async () => {
    const { disk, log, failures } = openFixture();
    append(log, batchOf(['a']));
    disk.failOnce({ operation: 'write', path: /leader-epoch-checkpoint\.tmp$/, code: 'no-space' });
    await expect(log.flush()).rejects.toMatchObject({ code: 'disk-full' });
    expect(log.recoveryPoint).toBe(0);
    await log.flush();
    expect([log.recoveryPoint, failures.length]).toEqual([1, 0]);
  });

  it('in part and cannot be taken back: the directory fails, since a clean end would find damage', () => {
    const { disk, log, failures } = openFixture();
    append(log, batchOf(['a']));
    disk.setCapacity(disk.usedBytes + 30);
    disk.failOnce({ operation: 'truncate', path: /\.log$/, code: 'no-space' });
    expect(() => append(log, batchOf(['b']))).toThrow(expect.objectContaining({ code: 'directory-failed' }));
    expect(failures).toHaveLength(1);
  });

  it('before a truncation: nothing is cut, and the next try checkpoints the lower recovery point first', async () => {
    const fixture = openFixture({ config: { segmentBytes: 600 } });
    const { disk, manager, log } = fixture;
    fillSegments(fixture);
    await log.flush();
    manager.checkpoint();
    disk.failOnce({ operation: 'write', path: /recovery-point-offset-checkpoint\.tmp$/, code: 'no-space' });
    expect(() => log.truncateTo(2, 1_000_000)).toThrow(expect.objectContaining({ code: 'disk-full' }));
    expect([log.logEndOffset, log.recoveryPoint]).toEqual([8, 8]);
    log.truncateTo(2, 1_000_000);
    append(log, batchOf(['anew']));
    disk.restartAfterKill();
    const reopened = openFixture({ disk });
    expect(valuesOf(reopened.log).at(-1)).toBe('anew');
    expect(reopened.log.recoveryPoint).toBe(2);
  });
});

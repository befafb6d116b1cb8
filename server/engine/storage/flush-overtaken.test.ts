// What happens to a log while an fsync of it is under way: deletion, truncation, retention, compaction, closing. Everything but
// the fsync happens at once, so the flush finds another world when it goes on. It must not touch what is no longer its own.

import { beforeEach, describe, expect, it } from 'vitest';
import { buildTransactionMarker } from '#engine/protocol/records/control-record.ts';
import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import { nodeCompression } from '#engine/world/node/compression.ts';
import { append, batchOf, openFixture, record, topicId, valuesOf, type Fixture } from './testing/fixture.ts';
import { HeldSyncs } from './testing/held-syncs.ts';
import type { LogConfig } from './log-config.ts';

const nowMs = 1_000_000;

let disk: HeldSyncs;
beforeEach(() => {
  disk = new HeldSyncs();
});

function open(config: Partial<LogConfig> = {}): Fixture {
  return openFixture({ disk, config: { segmentBytes: 600, ...config } });
}

/** Lets promises that are resolved already run on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}

/** Every fsync that waits, and every one that follows from it. */
async function finishSyncs(): Promise<void> {
  disk.letAllGo();
  await settle();
}

function outcomeOf(flush: Promise<void>): Promise<string> {
  return flush.then(
    () => 'flushed',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown'),
  );
}

function openPaths(): string[] {
  return [...disk.openHandles].map(({ path }) => path);
}

/** Seals a segment behind every third batch; the first one sealed begins a flush. */
function fill({ log }: Fixture, batches = 8): void {
  for (let at = 0; at < batches; at++) append(log, batchOf([`${at}`.repeat(150)]));
}

const removals = [
  { what: 'deleting', remove: ({ manager }: Fixture) => manager.delete('t', 0, nowMs) },
  { what: 'setting aside', remove: ({ manager }: Fixture) => manager.markStray('t', 0) },
] as const;

describe.each(removals)('$what a log while an fsync is under way', ({ remove }) => {
  it.each([
    { where: 'of the active segment', held: /\.log$/, batches: 1 },
    { where: 'of a sealed segment', held: /00\.log$/, batches: 8 },
    { where: 'of an index', held: /\.index$/, batches: 8 },
  ])('($where) leaves the directory online and touches nothing of it', async ({ held, batches }) => {
    const fixture = open();
    const { manager, log, failures, facts } = fixture;
    disk.hold(held);
    fill(fixture, batches);
    const outcome = outcomeOf(log.flush());
    await settle();
    expect(disk.waiting).toHaveLength(1);
    const synced = disk.syncedDirectories.length;
    remove(fixture);
    expect(disk.exists('/data/t-0')).toBe(false);
    await finishSyncs();
    expect(await outcome).toBe('closed');
    expect(disk.syncedDirectories.slice(synced)).toEqual(['/data']);
    expect([failures, facts.filter(({ kind }) => kind === 'log-directory-failed'), manager.directory.failure]).toEqual([[], [], null]);
    expect(openPaths()).toEqual([]);
  });

  it('ends a flush that is queued behind it, which starts on no closed handle', async () => {
    const fixture = open();
    const { log, failures } = fixture;
    disk.hold(/\.log$/);
    append(log, batchOf(['a']));
    const first = outcomeOf(log.flush());
    append(log, batchOf(['b']));
    const queued = outcomeOf(log.flush());
    remove(fixture);
    await finishSyncs();
    expect([await first, await queued, failures]).toEqual(['closed', 'closed', []]);
    expect(openPaths()).toEqual([]);
  });

  it('keeps the handle open until the fsync returns', async () => {
    const fixture = open();
    disk.hold(/\.log$/);
    append(fixture.log, batchOf(['a']));
    const outcome = outcomeOf(fixture.log.flush());
    remove(fixture);
    expect(openPaths()).toEqual(['/data/t-0/00000000000000000000.log']);
    await finishSyncs();
    await outcome;
    expect(openPaths()).toEqual([]);
  });

  it('still fails the directory when that fsync fails', async () => {
    const fixture = open();
    disk.hold(/\.log$/);
    append(fixture.log, batchOf(['a']));
    const outcome = outcomeOf(fixture.log.flush());
    remove(fixture);
    disk.failOnce({ operation: 'sync', path: /\.log$/, code: 'io' });
    await finishSyncs();
    expect([await outcome, fixture.failures.length]).toEqual(['directory-failed', 1]);
  });

  it('lets a new log of that name be made, which is served and synced as itself', async () => {
    const fixture = open();
    const { manager, log, failures } = fixture;
    fill(fixture);
    await log.flush();
    expect(valuesOf(log)).toHaveLength(8); // the sealed segments are read, so their handles are kept
    disk.hold(/\.log$/);
    append(log, batchOf(['old']));
    const outcome = outcomeOf(log.flush());
    remove(fixture);
    const anew = manager.create({ topic: 't', partition: 0, topicId, nowMs });
    for (let at = 0; at < 8; at++) append(anew, batchOf(['n'.repeat(150)]));
    expect(new Set(valuesOf(anew))).toEqual(new Set(['n'.repeat(150)]));
    const flushed = outcomeOf(anew.flush());
    await finishSyncs();
    expect([await outcome, await flushed, failures]).toEqual(['closed', 'flushed', []]);
    expect(anew.recoveryPoint).toBe(8);
    disk.restartAfterPowerLoss();
    expect(valuesOf(openFixture({ disk }).log)).toHaveLength(8);
  });
});

describe('what else may overtake a flush', () => {
  it('another log of the directory fails: this one counts nothing as durable either', async () => {
    const { manager, log } = open();
    const other = manager.create({ topic: 'o', partition: 0, topicId, nowMs });
    append(log, batchOf(['a']));
    append(other, batchOf(['b']));
    disk.hold(/t-0.*\.log$/);
    const outcome = outcomeOf(log.flush());
    disk.failOnce({ operation: 'sync', path: /o-0.*\.log$/, code: 'no-space' });
    expect(await outcomeOf(other.flush())).toBe('directory-failed');
    await finishSyncs();
    expect([await outcome, log.recoveryPoint]).toEqual(['directory-failed', 0]);
  });

  it.each([
    { what: 'truncation into a sealed segment', cut: ({ log }: Fixture) => log.truncateTo(3, nowMs), end: 3 },
    { what: 'truncation to the start', cut: ({ log }: Fixture) => log.truncateTo(0, nowMs), end: 0 },
    { what: 'a new beginning', cut: ({ log }: Fixture) => log.startAnewAt(20, nowMs), end: 20 },
  ])('$what: the recovery point stays below what was cut, and every handle is closed', async ({ cut, end }) => {
    const fixture = open();
    const { manager, log, failures } = fixture;
    fill(fixture);
    await log.flush();
    disk.hold(/\.log$/);
    append(log, batchOf(['cut']));
    const outcome = outcomeOf(log.flush());
    cut(fixture);
    expect(log.logEndOffset).toBe(end);
    append(log, batchOf(['anew']));
    await finishSyncs();
    expect([await outcome, failures]).toEqual(['flushed', []]);
    expect(log.recoveryPoint).toBeLessThanOrEqual(end);
    await log.flush();
    expect(log.recoveryPoint).toBe(end + 1);
    expect(valuesOf(log).at(-1)).toBe('anew');
    await manager.close();
    expect(openPaths()).toEqual([]);
  });

  it('truncation into a sealed segment before its flush began leaves no handle behind', async () => {
    const fixture = open();
    disk.hold(/\.log$/);
    append(fixture.log, batchOf(['0'.repeat(150)]));
    const outcome = outcomeOf(fixture.log.flush());
    fill(fixture);
    fixture.log.truncateTo(5, nowMs);
    await finishSyncs();
    await outcome;
    await fixture.log.flush();
    await fixture.manager.close();
    expect(openPaths()).toEqual([]);
  });

  it('retention takes the segments that are being synced', async () => {
    const fixture = open({ retentionMs: 10, deletes: true });
    const { manager, log, failures } = fixture;
    disk.hold(/\.log$/);
    fill(fixture);
    log.updateHighWatermark(8);
    const outcome = outcomeOf(log.flush());
    await settle();
    manager.retain(nowMs);
    expect([log.logStartOffset, log.segmentCount]).toEqual([8, 1]);
    await finishSyncs();
    expect([await outcome, failures]).toEqual(['flushed', []]);
    await manager.close();
    expect(openPaths()).toEqual([]);
  });

  it('compaction replaces segments while newer ones are being synced', async () => {
    const fixture = open({ compacts: true, minCleanableDirtyRatio: 0 });
    const { manager, log, failures } = fixture;
    const keyed = (value: string): Uint8Array => buildBatch([record(value, 1000, 'k')], { compression: nodeCompression });
    for (let at = 0; at < 8; at++) append(log, keyed(`${at}`.repeat(150)));
    log.updateHighWatermark(8);
    await log.flush();
    disk.hold(/\.log$/);
    append(log, keyed('new'));
    const outcome = outcomeOf(log.flush());
    expect(log.clean(nowMs)).not.toBeNull();
    await finishSyncs();
    expect([await outcome, failures]).toEqual(['flushed', []]);
    await manager.close();
    expect(openPaths()).toEqual([]);
    expect(valuesOf(open({ compacts: true }).log).at(-1)).toBe('new');
  });

  it('closing waits for it and for what was appended meanwhile', async () => {
    const fixture = open();
    const { manager, log } = fixture;
    disk.hold(/\.log$/);
    fill(fixture);
    const outcome = outcomeOf(log.flush());
    const closed = manager.close();
    await finishSyncs();
    await closed;
    expect([await outcome, log.recoveryPoint]).toEqual(['flushed', 8]);
    expect(openPaths()).toEqual([]);
    disk.restartAfterPowerLoss();
    const reopened = open();
    expect([reopened.manager.wasClean, valuesOf(reopened.log).length]).toEqual([true, 8]);
  });

  it('a log that was closed is not used any more: its handles may be numbers of other files', async () => {
    const { manager, log } = open();
    manager.delete('t', 0, nowMs);
    expect(() => append(log, batchOf(['a']))).toThrow('used after it was closed');
    expect(() => log.read({ offset: 0, maxBytes: 1, maxOffset: 0, minOneBatch: true })).toThrow('used after it was closed');
    expect(await outcomeOf(log.flush())).toBe('closed');
  });
});

describe('a segment that is sealed while an fsync of it is under way', () => {
  async function sealedMeanwhile(): Promise<{ readonly fixture: Fixture; readonly outcome: Promise<string> }> {
    const fixture = open();
    append(fixture.log, batchOf(['a']));
    disk.hold(/\.log$/);
    const outcome = outcomeOf(fixture.log.flush());
    fixture.log.roll(nowMs);
    disk.hold(/index$/);
    disk.letGo();
    await settle();
    return { fixture, outcome };
  }

  it('is not passed by the recovery point before its indexes are on the device', async () => {
    const { fixture, outcome } = await sealedMeanwhile();
    const { log } = fixture;
    expect([disk.waiting.length, log.recoveryPoint]).toEqual([1, 0]);
    await finishSyncs();
    expect([await outcome, log.recoveryPoint]).toEqual(['flushed', 1]);
  });

  it('keeps its aborted transactions through a power loss behind the next checkpoint', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      disk = new HeldSyncs(seed);
      const fixture = open();
      const { log, manager } = fixture;
      const producer = { producerId: 7, producerEpoch: 0, baseSequence: 0 };
      append(log, batchOf(['aborted'], { producer, isTransactional: true }), { origin: 'coordinator' });
      const abort = buildTransactionMarker({ producerId: 7, producerEpoch: 0, coordinatorEpoch: 1, isCommit: false, timestamp: nowMs });
      append(log, abort, { origin: 'coordinator' });
      disk.hold(/\.log$/);
      void outcomeOf(log.flush());
      log.roll(nowMs);
      disk.hold(/index$/);
      disk.letGo();
      await settle();
      manager.checkpoint();
      disk.restartAfterPowerLoss();
      disk.letAllGo();
      const { log: after } = open();
      const aborted = after.logEndOffset < 2 ? 'lost' : after.abortedTransactions(0, 2).length;
      expect(aborted, `seed ${seed}`).toBe(1);
    }
  });

  it.each(['idle', 'flushing'])('by a follower behind a wide gap (%s) is passed with its indexes only', async (state) => {
    const { log } = open();
    append(log, batchOf(['a']));
    disk.hold(/\.log$/);
    const outcome = state === 'idle' ? 'flushed' : outcomeOf(log.flush());
    const far = batchOf(['far']);
    Buffer.from(far.buffer, far.byteOffset).writeBigInt64BE(2n ** 33n);
    expect(log.appendAsFollower(far, nowMs)).toMatchObject({ outcome: 'appended', baseOffset: 2 ** 33 });
    disk.hold(/index$/);
    disk.letGo();
    await settle();
    expect(log.recoveryPoint).toBe(state === 'idle' ? 2 ** 33 : 0);
    await finishSyncs();
    expect(await outcome).toBe('flushed');
    const { recoveryPoint } = log;
    disk.restartAfterPowerLoss();
    expect([recoveryPoint, valuesOf(open().log)[0]]).toEqual([2 ** 33 + (state === 'idle' ? 0 : 1), 'a']);
  });
});

// A directory of logs: making, deleting, making again, checkpoints, and what must not survive whom.

import { describe, expect, it } from 'vitest';
import { toTopicId } from '#engine/base/brand.ts';
import type { SimDisk } from '#engine/sim/disk.ts';
import { readOffsets } from './checkpoints.ts';
import { markedDirectoryName, parsePartitionDirectory } from './file-names.ts';
import type { LogManager } from './log-manager.ts';
import { readMetaProperties, writeMetaProperties, writeTopicId } from './properties.ts';
import { planRetention, type RetainedSegment } from './retention.ts';
import { append, batchOf, dataPath, newDisk, openFixture, topicId, valuesOf } from './testing/fixture.ts';

const text = new TextDecoder();

function directoriesOf(disk: SimDisk): readonly string[] {
  const directories = disk.list(dataPath).filter(({ isDirectory }) => isDirectory);
  return directories.map(({ name }) => name).sort();
}

describe('deleting a log', () => {
  it('renames its directory at once and removes it after the delay', () => {
    const { disk, manager, log } = openFixture({ config: { fileDeleteDelayMs: 1000 } });
    append(log, batchOf(['a']));
    manager.delete('t', 0, 5000);
    expect(manager.get('t', 0)).toBe(undefined);
    const names = (): readonly string[] => directoriesOf(disk);
    expect(names()).toEqual([expect.stringMatching(/^t-0\.[0-9a-f]{32}-delete$/)]);
    manager.tick(5999);
    expect(names()).toHaveLength(1);
    manager.tick(6000);
    expect(names()).toEqual([]);
  });

  it('and making it again starts at zero, even if the machine stops right after', () => {
    const disk = newDisk();
    const { manager, log } = openFixture({ disk });
    for (let batch = 0; batch < 5; batch++) append(log, batchOf(['old']));
    log.updateHighWatermark(5);
    log.deleteBefore(4);
    manager.checkpoint();
    manager.delete('t', 0, 0);
    const again = manager.create({ topic: 't', partition: 0, topicId: toTopicId('bmV3LXRvcGljLWlkLTAwMQ'), nowMs: 0 });
    append(again, batchOf(['new']));
    disk.restartAfterKill();
    const { log: after } = openFixture({ disk });
    expect([after.logStartOffset, after.topicId, valuesOf(after)]).toEqual([0, 'bmV3LXRvcGljLWlkLTAwMQ', ['new']]);
  });

  it('is finished at the next start; stray directories are left for people', () => {
    const { disk, manager, log } = openFixture();
    append(log, batchOf(['a']));
    append(manager.create({ topic: 'other', partition: 3, topicId, nowMs: 0 }), batchOf(['b']));
    manager.delete('t', 0, 0);
    manager.markStray('other', 3);
    disk.restartAfterKill();
    openFixture({ disk });
    expect(directoriesOf(disk)).toEqual([expect.stringMatching(/^other-3\.[0-9a-f]{32}-stray$/)]);
  });
});

describe('the directory', () => {
  it("keeps checkpoints in Kafka's form, and writes them only when they changed", async () => {
    const { disk, manager, log } = openFixture({ intervals: { checkpointMs: 10, highWatermarkMs: 10 }, nowMs: 0 });
    append(log, batchOf(['a', 'b', 'c']));
    log.updateHighWatermark(2);
    await log.flush();
    manager.tick(10);
    expect(text.decode(disk.readAll(`${dataPath}/recovery-point-offset-checkpoint`))).toBe('0\n1\nt 0 3\n');
    expect(text.decode(disk.readAll(`${dataPath}/replication-offset-checkpoint`))).toBe('0\n1\nt 0 2\n');
    const before = disk.changes;
    manager.tick(20);
    expect(disk.changes).toBe(before);
  });

  it("refuses a checkpoint that it can't read rather than guess", () => {
    const disk = newDisk();
    openFixture({ disk }).manager.checkpoint();
    const path = `${dataPath}/recovery-point-offset-checkpoint`;
    for (const bad of ['1\n0\n', '0\n2\nt 0 3\n', '0\n1\nt 0\n', '0\n1\nt 0 x\n']) {
      disk.replaceAtomically(path, new TextEncoder().encode(bad));
      expect(() => readOffsets(disk, path)).toThrow(path);
    }
    disk.replaceAtomically(path, new Uint8Array(0));
    expect(readOffsets(disk, path).size).toBe(0);
  });

  it('leaves the metadata log to the quorum', () => {
    const { disk } = openFixture();
    disk.makeDirectories(`${dataPath}/__cluster_metadata-0`);
    expect(openFixture({ disk }).manager.get('__cluster_metadata', 0)).toBe(undefined);
  });

  it('keeps a start possible when a cleanly shut log was damaged: the others are served', async () => {
    const disk = newDisk();
    const { manager, log } = openFixture({ disk });
    append(log, batchOf(['a']));
    append(manager.create({ topic: 'good', partition: 0, topicId, nowMs: 0 }), batchOf(['b']));
    await manager.close();
    disk.corrupt(`${dataPath}/t-0/00000000000000000000.log`, 62, Uint8Array.of(0xff));
    const again = openFixture({ disk });
    expect(again.manager.refused.map(({ topic }) => topic)).toEqual(['t']);
    expect(valuesOf(again.manager.get('good', 0)!)).toEqual(['b']);
  });

  it('flushes by time when flush.ms says so', async () => {
    const { manager, log } = openFixture({ config: { flushMs: 100 }, nowMs: 0 });
    append(log, batchOf(['a']));
    manager.tick(99);
    await Promise.resolve();
    expect(log.recoveryPoint).toBe(0);
    manager.tick(100);
    await log.flush();
    expect(log.recoveryPoint).toBe(1);
  });

  it('counts only what is on the device while flush.messages is reached', async () => {
    const { log } = openFixture({ config: { flushMessages: 3 } });
    append(log, batchOf(['a', 'b']));
    expect([log.isFlushDue, log.countedEndOffset]).toEqual([false, 2]);
    append(log, batchOf(['c']));
    expect([log.isFlushDue, log.countedEndOffset]).toEqual([true, 0]);
    await log.flush();
    append(log, batchOf(['d']));
    expect([log.isFlushDue, log.countedEndOffset]).toEqual([false, 4]);
  });

  it('tells who it belongs to', () => {
    const disk = newDisk();
    disk.makeDirectories(dataPath);
    expect(readMetaProperties(disk, dataPath)).toBe(null);
    const properties = { clusterId: 'Zm9vYmFyYmF6cXV4MTIzNA', nodeId: 3, directoryId: 'ZGlyZWN0b3J5LWlkLTAwMQ' };
    writeMetaProperties(disk, dataPath, properties);
    expect(readMetaProperties(disk, dataPath)).toEqual(properties);
    disk.replaceAtomically(`${dataPath}/meta.properties`, new TextEncoder().encode('version=7\n'));
    expect(() => readMetaProperties(disk, dataPath)).toThrow('meta.properties');
  });
});

describe('names', () => {
  it.each([
    ['orders-0', { kind: 'live', topic: 'orders', partition: 0 }],
    ['a-b-12', { kind: 'live', topic: 'a-b', partition: 12 }],
    ['x-1.0123456789abcdef0123456789abcdef-delete', { kind: 'deleted', topic: 'x', partition: 1 }],
    ['x-1.0123456789abcdef0123456789abcdef-stray', { kind: 'stray', topic: 'x', partition: 1 }],
    ['lost+found', null],
    ['-3', null],
  ])('%s', (name, parsed) => {
    expect(parsePartitionDirectory(name)).toEqual(parsed);
  });

  it('of deleted directories fit the file system and still end as they must', () => {
    const name = markedDirectoryName(`${'x'.repeat(249)}-17`, 'f'.repeat(32), 'delete');
    expect(name.length).toBeLessThanOrEqual(255);
    expect(parsePartitionDirectory(name)).toMatchObject({ kind: 'deleted', partition: 17 });
  });
});

describe('the retention plan', () => {
  const segment = (baseOffset: number, sizeBytes: number, newest: number): RetainedSegment => ({
    baseOffset,
    sizeBytes,
    newestMs: () => newest,
  });
  const state = {
    segments: [segment(0, 100, 10), segment(10, 100, 20), segment(20, 100, 30), segment(30, 50, 40)],
    logStartOffset: 0,
    logEndOffset: 35,
    highWatermark: 35,
    nowMs: 100,
  };
  const keepAll = { retentionMs: -1, retentionBytes: -1, deletes: true };

  it.each([
    ['keeps all without limits', { change: {}, rule: {}, plan: null }],
    ['by time, as far as consecutive', { change: {}, rule: { retentionMs: 75 }, plan: { count: 2, cause: 'time' } }],
    ['by time, the active one too', { change: {}, rule: { retentionMs: 10 }, plan: { count: 4, cause: 'time' } }],
    ['by size, never below the limit', { change: {}, rule: { retentionBytes: 160 }, plan: { count: 1, cause: 'size' } }],
    ['never above the high watermark', { change: { highWatermark: 15 }, rule: { retentionMs: 0 }, plan: { count: 1, cause: 'time' } }],
    [
      'below the log start even when the topic only compacts',
      { change: { logStartOffset: 25 }, rule: { retentionMs: 0, deletes: false }, plan: { count: 2, cause: 'log-start' } },
    ],
    ['not the active segment for the log start', { change: { logStartOffset: 35 }, rule: {}, plan: { count: 3, cause: 'log-start' } }],
  ])('%s', (_name, { change, rule, plan }) => {
    expect(planRetention({ ...state, ...change }, { ...keepAll, ...rule })).toEqual(plan);
  });
});

describe('a new log', () => {
  it('makes no file and no directory before it has something to keep, whatever else is done with it', async () => {
    const { disk, manager, log } = openFixture({ intervals: { retentionMs: 1, checkpointMs: 1, highWatermarkMs: 1, cleanerMs: 1 } });
    log.assignEpoch(3);
    log.updateHighWatermark(0);
    log.truncateTo(0, 1);
    expect([valuesOf(log), log.offsetForTimestamp(0), log.offsetOfMaxTimestamp(), log.sizeBytes, log.hasFiles]).toEqual([
      [],
      null,
      null,
      0,
      false,
    ]);
    manager.tick(2_000_000);
    manager.create({ topic: 'u', partition: 0, topicId, nowMs: 0 });
    manager.delete('u', 0, 0);
    await manager.close();
    expect([directoriesOf(disk), openFixture({ disk }).manager.wasClean]).toEqual([[], true]);
  });

  it('costs the next start nothing: the checkpoints do not know it', async () => {
    const { disk, manager } = openFixture();
    const makeMany = (of: LogManager): void => {
      for (let partition = 0; partition < 100; partition++) of.create({ topic: 'm', partition, topicId, nowMs: 0 });
    };
    makeMany(manager);
    await manager.close(1);
    const { manager: again } = openFixture({ disk });
    const before = disk.changes;
    makeMany(again);
    expect(disk.changes).toBe(before);
  });

  it('has its directory, its topic id and its file with the first record, for good with the first flush', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const disk = newDisk(seed);
      const { log } = openFixture({ disk });
      log.assignEpoch(3);
      append(log, batchOf(['a']), { leaderEpoch: 3 });
      expect(disk.list(log.path).map(({ name }) => name)).toEqual(['partition.metadata', '00000000000000000000.log']);
      await log.flush();
      disk.restartAfterPowerLoss();
      const { log: after } = openFixture({ disk });
      expect([after.topicId, valuesOf(after), after.latestEpoch], `seed ${seed}`).toEqual([topicId, ['a'], 3]);
    }
  });

  it('may begin behind zero: a follower whose leader has deleted the beginning', () => {
    const { disk, log } = openFixture();
    log.startAnewAt(5, 0);
    append(log, batchOf(['a']));
    disk.restartAfterKill();
    const { log: after } = openFixture({ disk });
    expect([after.topicId, after.logStartOffset, after.logEndOffset]).toEqual([topicId, 5, 6]);
  });

  it('is flushed at once and blocking like any other', () => {
    const disk = newDisk();
    const { log } = openFixture({ disk });
    log.assignEpoch(3);
    log.flushNow();
    disk.restartAfterPowerLoss();
    expect(openFixture({ disk }).log.topicId).toBe(topicId);
  });
});

describe('closing a log', () => {
  it('that never held anything syncs nothing for it: what a power loss then takes is made anew, never refused', async () => {
    const disk = newDisk();
    openFixture({ disk });
    disk.makeDirectories(`${dataPath}/t-0`);
    writeTopicId(disk, `${dataPath}/t-0`, topicId);
    disk.open(`${dataPath}/t-0/00000000000000000000.log`, 'create').close();
    await openFixture({ disk }).manager.close();
    await openFixture({ disk }).manager.close();
    expect(disk.list(`${dataPath}/t-0`).filter(({ name }) => name.endsWith('.snapshot'))).toEqual([]);
    disk.restartAfterPowerLoss();
    const { manager: again, log } = openFixture({ disk });
    expect([again.wasClean, again.refused]).toEqual([true, []]);
    expect([null, topicId]).toContain(log.topicId);
    again.delete('t', 0, 0);
    const anew = again.create({ topic: 't', partition: 0, topicId, nowMs: 0 });
    append(anew, batchOf(['a']));
    expect(valuesOf(anew)).toEqual(['a']);
  });

  it('that never held anything leaves its name to the first flush after the next start', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const disk = newDisk(seed);
      await openFixture({ disk }).manager.close();
      const { log, manager } = openFixture({ disk });
      expect(manager.wasClean).toBe(true);
      append(log, batchOf(['acknowledged']));
      await log.flush();
      disk.restartAfterPowerLoss();
      const { log: after } = openFixture({ disk });
      expect([after.topicId, valuesOf(after)], `seed ${seed}`).toEqual([topicId, ['acknowledged']]);
    }
  });

  it.each([0, 1])('that recovery emptied keeps that it was, also when a second crash comes between (%i)', async (crashes) => {
    for (let seed = 1; seed <= 40; seed++) {
      const disk = newDisk(seed);
      append(openFixture({ disk }).log, batchOf(['torn'.repeat(200)]));
      const path = `${dataPath}/t-0/00000000000000000000.log`;
      disk.corrupt(path, 100, Buffer.from('damage'));
      disk.restartAfterKill();
      for (let crash = 0; crash < crashes; crash++) {
        openFixture({ disk });
        disk.restartAfterKill();
      }
      const { manager, log } = openFixture({ disk });
      expect(log.logEndOffset).toBe(0);
      await manager.close();
      disk.restartAfterPowerLoss();
      const again = openFixture({ disk });
      expect([again.manager.wasClean, again.manager.refused], `seed ${seed}`).toEqual([true, []]);
    }
  });

  it('that was emptied again keeps that it was', async () => {
    const disk = newDisk();
    const { manager, log } = openFixture({ disk });
    append(log, batchOf(['a']));
    await log.flush();
    log.truncateTo(0, 0);
    await manager.close();
    disk.restartAfterPowerLoss();
    expect(openFixture({ disk }).log.logEndOffset).toBe(0);
  });
});

describe('making a log', () => {
  it('waits for no fsync: what the first flush makes durable is the name, the topic id and the batches together', async () => {
    const disk = newDisk();
    const { log } = openFixture({ disk });
    append(log, batchOf(['a']));
    await log.flush();
    disk.restartAfterPowerLoss();
    const { log: after } = openFixture({ disk });
    expect([after.topicId, valuesOf(after)]).toEqual([topicId, ['a']]);
  });

  it('flushes the name also of a log that an earlier process made and never flushed', async () => {
    const disk = newDisk();
    append(openFixture({ disk }).log, batchOf(['a']));
    disk.restartAfterKill();
    await openFixture({ disk }).log.flush();
    disk.restartAfterPowerLoss();
    const { log: after } = openFixture({ disk });
    expect([after.topicId, valuesOf(after)]).toEqual([topicId, ['a']]);
  });

  it.each(['', 'version: 0\ntopic_id: dGVz', '\0\0\0'])(
    'that lost its topic id in a crash (%j) is opened as nobody’s, and stays so',
    async (content) => {
      const disk = newDisk();
      append(openFixture({ disk }).log, batchOf(['a']));
      disk.replaceAtomically(`${dataPath}/t-0/partition.metadata`, new TextEncoder().encode(content));
      disk.restartAfterKill();
      const { manager, log } = openFixture({ disk });
      expect(log.topicId).toBe(null);
      await manager.close();
      expect(openFixture({ disk }).log.topicId).toBe(null);
    },
  );

  it('is refused after a clean end when its topic id is damaged', async () => {
    const disk = newDisk();
    const { manager, log } = openFixture({ disk });
    append(log, batchOf(['a']));
    await manager.close();
    disk.replaceAtomically(`${dataPath}/t-0/partition.metadata`, new Uint8Array(0));
    expect(openFixture({ disk }).manager.refused.map(({ topic }) => topic)).toEqual(['t']);
  });
});

describe('the checkpoint of high watermarks', () => {
  const path = `${dataPath}/replication-offset-checkpoint`;

  /** Lets the promises behind an fsync happen. */
  function turn(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }

  function withOneCommitted() {
    const fixture = openFixture({ intervals: { highWatermarkMs: 10 }, nowMs: 0 });
    append(fixture.log, batchOf(['a']));
    fixture.log.updateHighWatermark(1);
    return fixture;
  }

  it('is written beside the work of the broker, which does not wait for the device', async () => {
    const { disk, manager } = withOneCommitted();
    manager.tick(10);
    expect(disk.exists(path)).toBe(false);
    await turn();
    expect(text.decode(disk.readAll(path))).toBe('0\n1\nt 0 1\n');
    const before = disk.changes;
    manager.tick(20);
    await turn();
    expect(disk.changes).toBe(before);
  });

  it('that was on its way does not bring back a log that was deleted and made anew meanwhile', async () => {
    const { disk, manager } = withOneCommitted();
    manager.tick(10);
    manager.delete('t', 0, 10);
    manager.create({ topic: 't', partition: 0, topicId, nowMs: 10 });
    await turn();
    expect(disk.exists(path)).toBe(false);
    manager.tick(20);
    await turn();
    expect(text.decode(disk.readAll(path))).toBe('0\n0\n');
  });

  it('is over before the directory is closed, and a full disk leaves the last one', async () => {
    const { disk, manager, log } = withOneCommitted();
    manager.tick(10);
    await manager.close();
    expect(text.decode(disk.readAll(path))).toBe('0\n1\nt 0 1\n');
    expect(log.highWatermark).toBe(1);
  });
});

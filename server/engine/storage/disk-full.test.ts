// A full disk: what was there stays served and durable, what needs no room goes on, operators hear of it once, and it heals
// without a restart. Where a step can't be taken back, the directory fails instead of going on with half of it.

import { describe, expect, it } from 'vitest';
import { DiskRoom, quietMs } from './disk-room.ts';
import { append, batchOf, openFixture, topicId, valuesOf, type Fixture } from './testing/fixture.ts';
import type { Fact } from '#engine/trace/events.ts';

const nowMs = 1_000_000;
const intervals = { retentionMs: 10, checkpointMs: 10, highWatermarkMs: 10, cleanerMs: 10 };

function kinds(facts: readonly Fact[]): string[] {
  return facts.map(({ kind }) => kind).filter((kind) => kind.startsWith('disk-') || kind === 'log-directory-failed');
}

function fill({ disk }: Fixture): void {
  disk.setCapacity(disk.usedBytes);
}

function refuse({ log }: Fixture): void {
  expect(() => append(log, batchOf(['x'.repeat(100)]))).toThrow(expect.objectContaining({ code: 'disk-full' }));
}

describe('an episode', () => {
  it('is reported once, at once, and names the directory', () => {
    const fixture = openFixture();
    append(fixture.log, batchOf(['a']));
    fill(fixture);
    refuse(fixture);
    expect(fixture.facts).toContainEqual({ kind: 'disk-full', directory: '/data', path: '/data/t-0/00000000000000000000.log' });
    for (let at = 0; at < 5; at++) {
      refuse(fixture);
      fixture.manager.tick(nowMs + at * 500);
    }
    expect(kinds(fixture.facts)).toEqual(['disk-full']);
    expect(() => append(fixture.log, batchOf(['x']))).toThrow('the disk of log directory /data is full');
  });

  it('ends when no write was refused for a while and one went through', () => {
    const fixture = openFixture();
    fill(fixture);
    refuse(fixture);
    fixture.disk.setCapacity(fixture.disk.usedBytes + 1_000);
    append(fixture.log, batchOf(['fits']));
    fixture.manager.tick(nowMs);
    append(fixture.log, batchOf(['fits']));
    fixture.manager.tick(nowMs + quietMs - 1);
    expect(kinds(fixture.facts)).toEqual(['disk-full']);
    fixture.manager.tick(nowMs + quietMs);
    expect(kinds(fixture.facts)).toEqual(['disk-full', 'disk-writable']);
  });

  it('goes on while small writes still fit and large ones do not', () => {
    const fixture = openFixture();
    fixture.disk.setCapacity(fixture.disk.usedBytes + 10_000);
    for (let at = 0; at < 20; at++) {
      append(fixture.log, batchOf(['s']));
      expect(() => append(fixture.log, batchOf(['x'.repeat(11_000)]))).toThrow(expect.objectContaining({ code: 'disk-full' }));
      fixture.manager.tick(nowMs + at * 1_000);
    }
    expect(kinds(fixture.facts)).toEqual(['disk-full']);
  });

  it('ends by room alone when nobody writes any more, and the next one is reported anew', () => {
    const fixture = openFixture();
    fill(fixture);
    refuse(fixture);
    for (const at of [0, quietMs, 2 * quietMs]) fixture.manager.tick(nowMs + at);
    expect(kinds(fixture.facts)).toEqual(['disk-full']);
    fixture.disk.setCapacity(fixture.disk.usedBytes + 2 * 1024 * 1024);
    fixture.manager.tick(nowMs + 3 * quietMs);
    fill(fixture);
    refuse(fixture);
    expect(kinds(fixture.facts)).toEqual(['disk-full', 'disk-writable', 'disk-full']);
  });

  it('is not held open by a clock that was set back', () => {
    const facts: Fact[] = [];
    const room = new DiskRoom('/data', (fact) => facts.push(fact));
    room.onRefused('/data/x');
    room.tick(nowMs, () => 0);
    room.onWritten();
    for (const at of [1_000, 1_100, 1_100 + quietMs]) {
      room.tick(at, () => 0);
      room.onWritten();
    }
    expect(kinds(facts)).toEqual(['disk-full', 'disk-writable']);
  });
});

describe('a volume that became read-only', () => {
  it('is no full disk: the kernel no longer trusts it, so the directory is offline and the reason says so', () => {
    const { disk, log, failures, facts } = openFixture();
    disk.failOnce({ operation: 'write', path: /\.log$/, code: 'denied' });
    expect(() => append(log, batchOf(['a']))).toThrow('log directory /data went offline');
    expect(() => append(log, batchOf(['a']))).toThrow(expect.objectContaining({ code: 'directory-failed' }));
    expect([failures.length, kinds(facts)]).toEqual([1, ['log-directory-failed']]);
  });
});

describe('on a full disk', () => {
  it('retention lets go of what is old, in every log, though there is no room for the next segment', () => {
    const fixture = openFixture({ config: { segmentBytes: 600, retentionMs: 10, deletes: true, fileDeleteDelayMs: 0 }, intervals });
    const { disk, manager, log, failures } = fixture;
    const other = manager.create({ topic: 'o', partition: 0, topicId, nowMs });
    for (const each of [log, other]) {
      for (let at = 0; at < 6; at++) append(each, batchOf(['v'.repeat(150)]));
      each.updateHighWatermark(6);
    }
    fill(fixture);
    const used = disk.usedBytes;
    manager.tick(nowMs + 1_000);
    expect([log.segmentCount, other.segmentCount]).toEqual([1, 1]);
    expect([log.logStartOffset > 0, other.logStartOffset > 0]).toEqual([true, true]);
    manager.tick(nowMs + 2_000);
    expect(disk.usedBytes).toBeLessThan(used);
    append(log, batchOf(['there is room again']));
    expect(failures).toEqual([]);
    manager.tick(nowMs + 3_000);
    expect(other.logStartOffset).toBe(6);
  });

  it('a tick that has to checkpoint fails nothing and does the rest', () => {
    const fixture = openFixture({ intervals });
    append(fixture.log, batchOf(['a']));
    fixture.log.updateHighWatermark(1);
    fill(fixture);
    fixture.manager.tick(nowMs + 1_000);
    expect([fixture.failures, kinds(fixture.facts)]).toEqual([[], ['disk-full']]);
    fixture.disk.setCapacity(1_000_000);
    fixture.manager.tick(nowMs + 2_000);
    expect(fixture.disk.exists('/data/log-start-offset-checkpoint')).toBe(true);
  });

  it('deleting records changes nothing that a restart would bring back', () => {
    const fixture = openFixture();
    for (let at = 0; at < 4; at++) append(fixture.log, batchOf(['v']));
    fixture.log.updateHighWatermark(4);
    fill(fixture);
    expect(() => {
      fixture.log.deleteBefore(2);
    }).toThrow(expect.objectContaining({ code: 'disk-full' }));
    expect(fixture.log.logStartOffset).toBe(0);
    fixture.disk.setCapacity(1_000_000);
    fixture.log.deleteBefore(2);
    fixture.disk.restartAfterKill();
    expect(openFixture({ disk: fixture.disk }).log.logStartOffset).toBe(2);
  });

  it.each([
    { what: 'truncating', cut: ({ log }: Fixture) => log.truncateTo(2, nowMs) },
    { what: 'beginning anew', cut: ({ log }: Fixture) => log.startAnewAt(2, nowMs) },
    { what: 'beginning anew further on', cut: ({ log }: Fixture) => log.startAnewAt(20, nowMs) },
  ])('$what changes nothing, and is done when there is room', async ({ cut }) => {
    const fixture = openFixture({ config: { segmentBytes: 600 } });
    const { disk, log, failures } = fixture;
    for (let at = 0; at < 6; at++) append(log, batchOf([`${at}`.repeat(150)]));
    await log.flush();
    const values = valuesOf(log);
    fill(fixture);
    expect(() => cut(fixture)).toThrow(expect.objectContaining({ code: 'disk-full' }));
    expect(valuesOf(log)).toEqual(values);
    expect([log.logStartOffset, log.recoveryPoint, failures.length]).toEqual([0, 6, 0]);
    disk.setCapacity(1_000_000);
    cut(fixture);
    append(log, batchOf(['anew']));
    disk.restartAfterKill();
    expect(valuesOf(openFixture({ disk }).log).at(-1)).toBe('anew');
  });

  it('a truncation that finds no room half-way fails the directory: memory and disk no longer agree', () => {
    const { disk, log, failures } = openFixture({ config: { segmentBytes: 600 } });
    for (let at = 0; at < 6; at++) append(log, batchOf(['v'.repeat(150)]));
    disk.failOnce({ operation: 'truncate', path: /\.log$/, code: 'no-space' });
    expect(() => log.truncateTo(1, nowMs)).toThrow(expect.objectContaining({ code: 'directory-failed' }));
    expect(failures).toHaveLength(1);
  });

  it('so does a log that can neither be renamed nor kept, or the next topic of that name would get its records', () => {
    const { disk, manager, log, failures } = openFixture();
    append(log, batchOf(['a']));
    disk.failOnce({ operation: 'rename', path: /t-0$/, code: 'no-space' });
    expect(() => {
      manager.delete('t', 0, nowMs);
    }).toThrow(expect.objectContaining({ code: 'directory-failed' }));
    expect(failures).toHaveLength(1);
  });

  it('an end is an unclean one, and the next start recovers everything', async () => {
    const fixture = openFixture();
    append(fixture.log, batchOf(['a']));
    fill(fixture);
    await fixture.manager.close();
    fixture.disk.setCapacity(1_000_000);
    const reopened = openFixture({ disk: fixture.disk });
    expect([reopened.manager.wasClean, valuesOf(reopened.log)]).toEqual([false, ['a']]);
  });

  it('a start after a crash goes on without index files, and believes none that is torn', () => {
    const fixture = openFixture({ config: { segmentBytes: 600 } });
    for (let at = 0; at < 8; at++) append(fixture.log, batchOf([`${at}`.repeat(150)], { timestamp: 1_000 + at }));
    const values = valuesOf(fixture.log);
    fixture.disk.restartAfterKill();
    fill(fixture);
    fixture.disk.failOnce({ operation: 'write', path: /0\.timeindex$/, code: 'no-space' });
    const full = openFixture({ disk: fixture.disk, config: { segmentBytes: 600 } });
    expect(valuesOf(full.log)).toEqual(values);
    expect(full.log.offsetForTimestamp(1_005)?.offset).toBe(5);
    expect(full.failures).toEqual([]);
  });

  it('reading is not refused because an index that was built anew finds no room', async () => {
    const fixture = openFixture({ config: { segmentBytes: 600 } });
    for (let at = 0; at < 8; at++) append(fixture.log, batchOf([`${at}`.repeat(150)]));
    await fixture.manager.close();
    for (const { name } of fixture.disk.list('/data/t-0')) if (name.endsWith('index')) fixture.disk.remove(`/data/t-0/${name}`);
    fill(fixture);
    expect(valuesOf(openFixture({ disk: fixture.disk, config: { segmentBytes: 600 } }).log)).toHaveLength(8);
  });

  it('the files of a new log are made when there is room, whatever a try without it has left', () => {
    const { disk, manager, failures } = openFixture();
    const place = { topic: 'n', partition: 0, topicId, nowMs };
    disk.failOnce({ operation: 'write', path: /partition\.metadata$/, code: 'no-space' });
    const log = manager.create(place);
    expect(() => append(log, batchOf(['a']))).toThrow(expect.objectContaining({ code: 'disk-full' }));
    expect([log.logEndOffset, log.hasFiles]).toEqual([0, false]);
    append(log, batchOf(['a']));
    disk.restartAfterKill();
    const after = openFixture({ disk }).manager.get('n', 0)!;
    expect([after.topicId, valuesOf(after), failures]).toEqual([topicId, ['a'], []]);
  });
});

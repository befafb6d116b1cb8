// What clients, leaders and operators get when the disk says no: a full one heals without a restart, damage is of one log only.

import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { BrokerLog } from '../broker-log.ts';
import { reportingTrace } from '../storage-reports.ts';
import {
  fetchCommand,
  fetchPartition,
  partitionFixture,
  produceCommand,
  textBatch,
  type PartitionFixture,
} from '../testing/partition-fixture.ts';
import { partitionView } from '../testing/static-metadata.ts';

const opened: PartitionFixture[] = [];

function setUp(settings: Readonly<Record<string, string>> = {}): PartitionFixture {
  const fixture = partitionFixture(settings);
  opened.push(fixture);
  return fixture;
}

afterEach(() => {
  for (const fixture of opened.splice(0)) fixture.remove();
});

function produced(fixture: PartitionFixture, topic = 't') {
  return fixture.driver.produce(produceCommand(topic, textBatch(['a'])));
}

describe('a full disk', () => {
  test('is a storage error whose message names the directory, and is over when there is room', async () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    fixture.setDiskFull(true);
    const { errorCode, errorMessage } = await produced(fixture);
    expect(errorCode).toBe(errorCodes.KAFKA_STORAGE_ERROR);
    expect(errorMessage).toContain(`the disk of log directory ${fixture.directory} is full`);
    expect(await produced(fixture)).toMatchObject({ errorCode: errorCodes.KAFKA_STORAGE_ERROR });
    expect(fixture.facts.filter(({ kind }) => kind === 'disk-full')).toHaveLength(1);
    fixture.setDiskFull(false);
    expect(await produced(fixture)).toMatchObject({ errorCode: errorCodes.NONE, baseOffset: 0 });
  });

  test('keeps the replica of a new topic from being made, until there is room: nobody has to restart anything', async () => {
    const fixture = setUp();
    fixture.setDiskFull(true);
    fixture.metadata.createTopic('t');
    fixture.metadata.createTopic('gone');
    expect(await produced(fixture)).toMatchObject({ errorCode: errorCodes.KAFKA_STORAGE_ERROR });
    fixture.time.advance(30_000);
    fixture.metadata.deleteTopic('gone');
    fixture.setDiskFull(false);
    fixture.time.advance(30_000);
    expect(await produced(fixture)).toMatchObject({ errorCode: errorCodes.NONE });
    expect(fixture.logs.count).toBe(1);
  });

  test('tells who deletes records that they are still there', async () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    await produced(fixture);
    fixture.setDiskFull(true);
    expect(await fixture.driver.deleteRecords({ topic: 't', partition: 0 }, { beforeOffset: 1, timeoutMs: 0 })).toMatchObject({
      errorCode: errorCodes.KAFKA_STORAGE_ERROR,
    });
    fixture.setDiskFull(false);
    expect(await fixture.driver.deleteRecords({ topic: 't', partition: 0 }, { beforeOffset: 1, timeoutMs: 0 })).toMatchObject({
      errorCode: errorCodes.NONE,
      lowWatermark: 1,
    });
  });

  test('that a due flush met keeps the high watermark back only until there is room, though nothing is appended any more', async () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t', [partitionView(0, { replicas: [1, 2], isr: [1, 2] })]);
    void produced(fixture);
    fixture.metadata.setConfig({ kind: 'topic', name: 't' }, 'flush.messages', '1');
    fixture.setDiskFull(true);
    // In the new epoch all is there that is needed, but for the flush: the file of epochs, which goes first, finds no room.
    fixture.metadata.changePartition('t', 0, { leaderEpoch: 1, isr: [1] });
    const highWatermark = () => fixture.facts.findLast(({ kind }) => kind === 'high-watermark-advanced');
    await expect.poll(() => fixture.facts.filter(({ kind }) => kind === 'disk-full')).toHaveLength(1);
    expect(highWatermark()).toBeUndefined();
    fixture.setDiskFull(false);
    fixture.time.advance(30_000);
    await expect.poll(highWatermark).toMatchObject({ topic: 't', highWatermark: 1 });
  });

  test('a produce that waits for its flush while the topic is deleted is sent elsewhere', async () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    fixture.metadata.setConfig({ kind: 'topic', name: 't' }, 'flush.messages', '1');
    const pending = produced(fixture);
    fixture.metadata.deleteTopic('t');
    expect(await pending).toMatchObject({ errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER });
  });
});

describe('a damaged log', () => {
  test('answers a storage error, is reported once, and the other partitions are served', async () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    fixture.metadata.createTopic('other', [partitionView(0)]);
    await produced(fixture);
    await produced(fixture, 'other');
    const [segment] = readdirSync(`${fixture.directory}/t-0`).filter((name) => name.endsWith('.log'));
    writeFileSync(`${fixture.directory}/t-0/${segment}`, Buffer.alloc(40, 0xff));
    const read = async (topic: string) => (await fixture.driver.fetch(fetchCommand([fetchPartition(topic, 0)])))[0]?.errorCode;
    expect([await read('t'), await read('t'), await read('other')]).toEqual([
      errorCodes.KAFKA_STORAGE_ERROR,
      errorCodes.KAFKA_STORAGE_ERROR,
      0,
    ]);
    const query = { topic: 't', partition: 0, timestampMs: 1, currentLeaderEpoch: -1, isReadCommitted: false, replicaId: -1 };
    expect(fixture.driver.listOffset(query).errorCode).toBe(errorCodes.KAFKA_STORAGE_ERROR);
    expect(fixture.facts.filter(({ kind }) => kind === 'log-damaged')).toMatchObject([{ topic: 't', partition: 0 }]);
    rmSync(`${fixture.directory}/t-0/${segment}`);
  });
});

test('what the disk does to the logs is traced and is a line of the log that names directory or file', () => {
  const lines: unknown[] = [];
  const traced: string[] = [];
  const at =
    (level: string) =>
    (event: string, fields: object = {}) =>
      void lines.push([level, event, fields]);
  const log: BrokerLog = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const trace = reportingTrace((fact) => traced.push(fact.kind), log);
  trace({ kind: 'disk-full', directory: '/d', path: '/d/t-0/0.log' });
  trace({ kind: 'disk-writable', directory: '/d' });
  trace({ kind: 'log-damaged', topic: 't', partition: 0, path: '/d/t-0/0.log', reason: 'no batch' });
  trace({ kind: 'log-uncleanable', topic: 't', partition: 0, reason: 'no batch' });
  trace({ kind: 'segment-rolled', topic: 't', partition: 0, baseOffset: 1 });
  expect(lines).toMatchObject([
    ['warn', 'disk-full', { directory: '/d' }],
    ['info', 'disk-writable', { directory: '/d' }],
    ['error', 'log-damaged', { topic: 't', path: '/d/t-0/0.log' }],
    ['warn', 'log-uncleanable', { topic: 't' }],
  ]);
  expect(traced).toEqual(['disk-full', 'disk-writable', 'log-damaged', 'log-uncleanable', 'segment-rolled']);
});

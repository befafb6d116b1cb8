// Settings of logs seen from outside, as in settings.test.ts: when they roll, go, are compacted, indexed and checkpointed.

import { expect, test } from 'vitest';
import { describeProducersApi } from '../protocol/apis/61-describe-producers.ts';
import { ControlPlane, secondUs } from './testing/control-plane.ts';
import { timeout, type Settings, started, type TopicPlan, create, produce, stored, alter, fileOf } from './testing/settings.ts';

const compacted: TopicPlan = { configs: { 'cleanup.policy': 'compact', 'segment.ms': '1000', 'min.cleanable.dirty.ratio': '0' } };

test.each([
  [{}, true],
  [{ 'log.cleaner.enable': 'false' }, false],
  [{ 'log.cleaner.backoff.ms': '600000' }, false],
])('%j: a log whose policy says compact is compacted within a minute', { timeout }, async (settings: Settings, expected) => {
  const plane = await started(settings);
  await create(plane, compacted);
  for (let count = 0; count < 5; count += 1) {
    await produce(plane, `v${count}`);
    await plane.scheduler.run(2 * secondUs);
  }
  await plane.scheduler.run(60 * secondUs);
  expect((await stored(plane)) < 5).toBe(expected);
});

test('log.cleaner.backoff.ms may be lowered while the broker runs', { timeout }, async () => {
  const plane = await started({});
  await create(plane, compacted);
  await alter(plane, 'log.cleaner.backoff.ms', '1000');
  await plane.scheduler.run(20 * secondUs);
  for (let count = 0; count < 5; count += 1) {
    await produce(plane, `v${count}`);
    await plane.scheduler.run(1_200_000);
  }
  await plane.scheduler.run(3 * secondUs);
  expect(await stored(plane)).toBeLessThan(5);
});

test.each([
  [{ 'log.index.interval.bytes': '100' }, true],
  [{}, false],
])('%j: five batches of 700 bytes have entries in the index', { timeout }, async (settings: Settings, expected) => {
  const plane = await started(settings);
  await create(plane, { configs: { 'segment.ms': '60000' } });
  for (let count = 0; count < 5; count += 1) await produce(plane, 'x'.repeat(700));
  await plane.scheduler.run(70 * secondUs);
  await produce(plane, 'in the next segment');
  await plane.scheduler.run(secondUs);
  expect(fileOf(plane, 't-0/00000000000000000000.index').length > 8).toBe(expected);
});

const segmentsOf = (plane: ControlPlane): number =>
  plane
    .node(1)
    .disk.list('/data/t-0')
    .filter(({ name }) => name.endsWith('.log')).length;

test.each([
  [{ 'log.index.interval.bytes': '1', 'log.index.size.max.bytes': '16' }, true],
  [{ 'log.index.interval.bytes': '1' }, false],
  [{ 'log.segment.bytes': '1048576' }, true],
  [{}, false],
])('%j: a megabyte in five batches rolls', { timeout }, async (settings: Settings, expected) => {
  const plane = await started(settings);
  await create(plane);
  for (let count = 0; count < 5; count += 1) await produce(plane, 'x'.repeat(250_000));
  expect(segmentsOf(plane) > 1).toBe(expected);
});

test.each([
  [{ 'log.roll.ms': '10000', 'log.roll.jitter.ms': '9000' }, true],
  [{ 'log.roll.ms': '10000' }, false],
  [{ 'log.roll.ms': '5000' }, true],
])('%j: nine seconds of records roll', { timeout }, async (settings: Settings, expected) => {
  const plane = await started(settings);
  await create(plane);
  for (let count = 0; count < 9; count += 1) {
    await produce(plane, 'v');
    await plane.scheduler.run(secondUs);
  }
  expect(segmentsOf(plane) > 1).toBe(expected);
});

test.each([
  [{ 'log.retention.check.interval.ms': '1000' }, true],
  [{}, false],
])('%j: old segments are gone within a minute', { timeout }, async (settings: Settings, expected) => {
  const plane = await started(settings);
  await create(plane, { configs: { 'retention.ms': '1000', 'segment.ms': '1000' } });
  for (let count = 0; count < 3; count += 1) {
    await produce(plane, `v${count}`);
    await plane.scheduler.run(2 * secondUs);
  }
  await plane.scheduler.run(60 * secondUs);
  expect((await stored(plane)) < 3).toBe(expected);
});

test.each([
  [{ 'producer.id.expiration.ms': '2000', 'log.retention.check.interval.ms': '1000' }, null, 0],
  [{ 'log.retention.check.interval.ms': '1000' }, null, 1],
  [{ 'log.retention.check.interval.ms': '1000' }, '2000', 0],
])('%j, %s set while it runs: an idle producer is remembered', { timeout }, async (settings: Settings, altered, expected) => {
  const plane = await started(settings);
  if (altered !== null) await alter(plane, 'producer.id.expiration.ms', altered);
  await create(plane);
  await produce(plane, 'v', { producer: { producerId: 5, producerEpoch: 0, baseSequence: 0 } });
  await plane.scheduler.run(10 * secondUs);
  const answer = await plane.ask(1, describeProducersApi, { topics: [{ name: 't', partitionIndexes: [0] }] });
  expect(answer.topics[0]?.partitions[0]?.activeProducers).toHaveLength(expected);
});

test.each([
  ['log.flush.offset.checkpoint.interval.ms', 'recovery-point-offset-checkpoint', 't 0 2'],
  ['replica.high.watermark.checkpoint.interval.ms', 'replication-offset-checkpoint', 't 0 2'],
])('%s says when %s is written', { timeout }, async (name, file, line) => {
  for (const [value, isWritten] of [
    ['1000', true],
    ['3600000', false],
  ] as const) {
    const others = { 'replica.high.watermark.checkpoint.interval.ms': '3600000', 'log.flush.offset.checkpoint.interval.ms': '3600000' };
    const plane = await started({ ...others, [name]: value });
    await create(plane, { configs: { 'flush.messages': '1' } });
    await produce(plane, 'a');
    await produce(plane, 'b');
    await plane.scheduler.run(10 * secondUs);
    expect(fileOf(plane, file).includes(line), `${name}=${value}`).toBe(isWritten);
  }
});

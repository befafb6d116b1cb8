// Throttled replication, on both ends: who rests, for how long, and who never does.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FetchOutcome } from '../partition-port.ts';
import {
  fetchCommand,
  fetchPartition,
  partitionFixture,
  produceCommand,
  testConfig,
  textBatch,
  type PartitionFixture,
} from '../testing/partition-fixture.ts';
import { partitionView, StaticMetadata } from '../testing/static-metadata.ts';
import { ManualTime } from '../testing/manual-time.ts';
import { ReplicationThrottles } from './replication-throttles.ts';

const topic = { kind: 'topic', name: 't' } as const;
const self = { kind: 'broker', name: '1' } as const;

describe('the leader', () => {
  let fixture: PartitionFixture;
  beforeEach(() => {
    fixture = partitionFixture({}, [1, 2, 3]);
    fixture.metadata.createTopic('t', [partitionView(0, { replicas: [1, 2, 3], isr: [1, 2] })]);
    void fixture.driver.produce(produceCommand('t', textBatch(['a'.repeat(2_000)])));
    fixture.metadata.setConfig(self, 'leader.replication.throttled.rate', '1000');
  });
  afterEach(() => {
    fixture.driver.end();
    fixture.remove();
  });

  const fetchAs = (replicaId: number): number => {
    const command = fetchCommand([fetchPartition('t', 0, { logStartOffset: 0 })], { replicaId, replicaEpoch: 1 });
    return (fixture.driver.fetch(command) as readonly FetchOutcome[])[0]!.records.length;
  };

  test('gives a newcomer nothing while it copied too fast, and goes on when the rate is right, without anything else happening', () => {
    fixture.metadata.setConfig(topic, 'leader.replication.throttled.replicas', '0:1');
    const sent = fetchAs(3);
    expect(sent).toBeGreaterThan(2_000);
    expect(fetchAs(3)).toBe(0);
    fixture.time.advance(sent - 10);
    expect(fetchAs(3)).toBe(0);
    fixture.time.advance(10);
    expect(fetchAs(3)).toBe(sent);
  });

  test.each([
    [{}, 1_500, false],
    [{ 'replication.quota.window.num': '1' }, 1_500, true],
    [{ 'replication.quota.window.size.seconds': '10' }, 0, true],
  ])('%j: 2,000 bytes at 1,000 a second may be followed by more after %i ms', (settings, afterMs, isServed) => {
    const measured = partitionFixture(settings, [1, 2, 3]);
    measured.metadata.createTopic('t', [partitionView(0, { replicas: [1, 2, 3], isr: [1, 2] })]);
    void measured.driver.produce(produceCommand('t', textBatch(['a'.repeat(2_000)])));
    measured.metadata.setConfig(self, 'leader.replication.throttled.rate', '1000');
    measured.metadata.setConfig(topic, 'leader.replication.throttled.replicas', '0:1');
    const command = fetchCommand([fetchPartition('t', 0, { logStartOffset: 0 })], { replicaId: 3, replicaEpoch: 1 });
    const fetchOnce = (): number => (measured.driver.fetch(command) as readonly FetchOutcome[])[0]!.records.length;
    expect(fetchOnce()).toBeGreaterThan(2_000);
    measured.time.advance(afterMs);
    expect(fetchOnce() > 0).toBe(isServed);
    measured.driver.end();
    measured.remove();
  });

  test('never holds back a replica in sync', () => {
    fixture.metadata.setConfig(topic, 'leader.replication.throttled.replicas', '*');
    for (let round = 0; round < 3; round++) expect(fetchAs(2)).toBeGreaterThan(0);
    expect(fetchAs(3), 'but what that cost counts').toBe(0);
  });

  test('throttles only the partitions that are named, for this broker', () => {
    fixture.metadata.setConfig(topic, 'leader.replication.throttled.replicas', '0:2,1:1');
    for (let round = 0; round < 3; round++) expect(fetchAs(3)).toBeGreaterThan(0);
  });

  test('lets go at once when the rate is raised', () => {
    fixture.metadata.setConfig(topic, 'leader.replication.throttled.replicas', '*');
    fetchAs(3);
    expect(fetchAs(3)).toBe(0);
    fixture.metadata.setConfig(self, 'leader.replication.throttled.rate', '10000000');
    expect(fetchAs(3)).toBeGreaterThan(0);
  });
});

describe('the follower', () => {
  function follower(): { readonly throttles: ReplicationThrottles; readonly metadata: StaticMetadata; readonly time: ManualTime } {
    const metadata = new StaticMetadata([1, 2]);
    metadata.createTopic('t', [partitionView(0, { leaderId: 2, replicas: [2, 1], isr: [2] })]);
    metadata.setConfig(topic, 'follower.replication.throttled.replicas', '0:1');
    metadata.setConfig({ kind: 'broker', name: '' }, 'follower.replication.throttled.rate', '1000');
    const time = new ManualTime();
    const throttles = new ReplicationThrottles({ config: testConfig('/nowhere'), metadata, clock: time });
    throttles.begin();
    return { throttles, metadata, time };
  }
  const place = { topic: 't', partition: 0 };

  test('rests until it is within its rate, which may be a word for all brokers', () => {
    const { throttles, time } = follower();
    expect(throttles.restMs(place)).toBe(0);
    throttles.onReceived(place, 1_700);
    expect(throttles.restMs(place)).toBe(700);
    time.advance(1_700);
    expect(throttles.restMs(place)).toBe(0);
  });

  test('does not rest once it is in sync, when nothing is throttled, or when its topic is gone', () => {
    const { throttles, metadata } = follower();
    throttles.onReceived(place, 1_000_000);
    expect(throttles.restMs({ topic: 't', partition: 1 })).toBe(0);
    metadata.changePartition('t', 0, { isr: [2, 1] });
    expect(throttles.restMs(place)).toBe(0);
    metadata.changePartition('t', 0, { isr: [2] });
    expect(throttles.restMs(place)).toBeGreaterThan(0);
    metadata.setConfig(topic, 'follower.replication.throttled.replicas', '');
    expect(throttles.restMs(place)).toBe(0);
  });
});
